import { join } from 'node:path'
import { repository } from '../config.ts'
import { StartupError } from '../errors.ts'
import { describeFailure } from '../processes/describe-failure.ts'
import { runToEnd } from '../processes/run-to-end.ts'

/** What a script of an app runs with; its output is appended to `log` if there is one. */
export interface ScriptOptions {
  readonly args?: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly log?: string
}

/** Runs a script of an app to its end and returns what it printed; throws a `StartupError` if it fails. */
export async function runAppScript(what: string, script: string, options: ScriptOptions): Promise<string> {
  const { args = [], env, log } = options
  const { code, stdout, output } = await runToEnd(
    process.execPath,
    [join(repository, 'apps', script), ...args],
    {
      cwd: repository,
      env,
      ...(log && { log }),
    },
  )
  if (code !== 0)
    throw new StartupError(`${what} failed (exit code ${code}).`, describeFailure(output, log ?? 'no log'))
  return stdout.trim()
}
