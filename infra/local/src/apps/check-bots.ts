import { join } from 'node:path'
import { repository } from '../config.ts'
import { StartupError } from '../errors.ts'
import { runToEnd } from '../processes/run-to-end.ts'
import type { Terminal } from '../screen/terminal.ts'

/**
 * Tries out whether the bots' files load, before anything is started for them; throws a `StartupError` that
 * names each that does not.
 */
export async function checkBots(env: NodeJS.ProcessEnv, terminal: Pick<Terminal, 'red'>): Promise<void> {
  const script = join(repository, 'apps', 'worker', 'src', 'check-bots.ts')
  const { code, stdout, output } = await runToEnd(process.execPath, [script], { cwd: repository, env })
  if (code === 0) return
  const problems = (stdout.trim() || output.trim()).split('\n')
  throw new StartupError(
    problems.map(problem => `${terminal.red('✗')} Your bots: ${problem}`).join('\n'),
    'Mend them and start again. What a bot looks like: docs/writing-bots.md',
  )
}
