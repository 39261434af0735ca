import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** How a command ended, and the end of what it printed. */
export interface CommandResult {
  readonly ok: boolean
  readonly output: string
}

const keptBytes = 4_000

/**
 * Runs a line in a shell. It has a process group of its own, so that a Ctrl-C in the terminal does not break
 * off half of it. To end it all the same, abort `signal`.
 */
export async function runCommand(
  line: string,
  { env, timeoutMs, signal }: { env: NodeJS.ProcessEnv; timeoutMs: number; signal: AbortSignal },
): Promise<CommandResult> {
  const child = spawn('/bin/sh', ['-c', line], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  })
  let output = ''
  const keep = (piece: string) => {
    output = (output + piece).slice(-keptBytes)
  }
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', keep)
  const kill = () => child.pid !== undefined && killGroup(child.pid)
  let late = false
  const timer = setTimeout(() => {
    late = true
    kill()
  }, timeoutMs)
  signal.addEventListener('abort', kill)
  try {
    const [code] = await once(child, 'close')
    const why = late ? `\nended after ${timeoutMs} ms` : signal.aborted ? '\nbroken off' : ''
    return { ok: code === 0, output: `${output.trim()}${code === 0 ? '' : why}` }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', kill)
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM')
  } catch {
    // It has ended meanwhile.
  }
}
