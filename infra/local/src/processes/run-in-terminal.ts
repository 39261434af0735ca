import { type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'

/** Runs a program in our terminal, passes SIGTERM on, and resolves to its exit code (128 + n for signal n). */
export async function runInTerminal(command: string, args: readonly string[], options: SpawnOptions): Promise<number> {
  const child = spawn(command, args, { ...options, stdio: 'inherit' })
  const pass = (signal: NodeJS.Signals) => child.kill(signal)
  // The terminal sends Ctrl-C to the program itself; we only wait for its end.
  const ignore = () => {}
  process.on('SIGTERM', pass).on('SIGHUP', pass).on('SIGINT', ignore)
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
    return code ?? 128 + constants.signals[signal!]
  } finally {
    process.off('SIGTERM', pass).off('SIGHUP', pass).off('SIGINT', ignore)
  }
}
