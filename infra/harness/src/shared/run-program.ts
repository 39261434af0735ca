import { execFile } from 'node:child_process'

/** What a program printed, and how it ended. */
export interface ProgramResult {
  readonly code: number
  readonly stdout: string
  readonly output: string
}

/** Runs a program to its end, whatever its exit code; rejects if it cannot be started. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { maxBuffer: 64 * 1024 * 1024, ...options }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') return reject(error)
      resolve({ code: (error?.code as number | undefined) ?? 0, stdout, output: stdout + stderr })
    })
  })
}

/** The same for a program that must succeed: rejects with the end of what it printed. */
export async function mustRun(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const { code, stdout, output } = await runProgram(command, args, options)
  if (code !== 0) {
    const end = output.split('\n').slice(-30).join('\n')
    throw new Error(`${command} ${args[0] ?? ''} ended with ${code}:\n${end}`)
  }
  return stdout
}
