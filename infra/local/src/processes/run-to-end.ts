import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'

/** What became of a program. */
export interface Ended {
  /** 127 if it could not be started; 128 if a signal ended it. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** stderr, or stdout if that says nothing. */
  readonly output: string
}

/** Where and as whom a program runs; what it said is appended to `log`. */
export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly uid?: number
  readonly gid?: number
  readonly log?: string
}

/** Runs a program without input until it ends; never rejects. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const { log, ...where } = options
  const child = spawn(command, args, { ...where, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close').then(
    ([code]) => (code as number | null) ?? 128,
    (error: Error) => error,
  )
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  if (log) appendFileSync(log, stdout + stderr)
  if (code instanceof Error) return { code: 127, stdout, stderr: code.message, output: code.message }
  return { code, stdout, stderr, output: stderr.trim() ? stderr : stdout }
}
