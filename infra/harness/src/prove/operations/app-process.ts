import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { startProcess, type TestProcess } from '@botyard/testkit'

/** Where an app's log goes: into memory, to a file, or into a pipe that can be left. */
export type AppLog = 'kept' | 'pipe' | number

/** What a case does with an app's process. */
export type AppProcess = Pick<TestProcess, 'pid' | 'lines' | 'running' | 'exited' | 'kill'>

/** Starts a file as an app. */
export async function startApp(
  file: string,
  env: Record<string, string | undefined>,
  log: AppLog,
): Promise<{ process: AppProcess; leaveLog(): void }> {
  if (log === 'kept') return { process: await startProcess(file, { env }), leaveLog: () => {} }
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, ...env },
    stdio: ['ignore', log, 'ignore'],
  })
  child.stdout?.resume()
  await once(child, 'spawn')
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
  return {
    process: {
      pid: child.pid!,
      lines: [],
      get running() {
        return child.exitCode === null && child.signalCode === null
      },
      exited,
      kill(signal = 'SIGKILL') {
        child.kill(signal)
        return exited
      },
    },
    leaveLog: () => child.stdout?.destroy(),
  }
}
