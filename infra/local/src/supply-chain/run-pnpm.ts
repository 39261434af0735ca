import { readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { repository } from '../config.ts'
import { type Ended, runToEnd } from '../processes/run-to-end.ts'

/** Runs the pnpm that the repository names, by this Node, in the repository. */
export async function runPnpm(args: readonly string[]): Promise<Ended> {
  const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
  const { packageManager } = manifest as { packageManager: string }
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter)
  return await runToEnd('npm', ['exec', '--yes', '--package', packageManager, '--', 'pnpm', ...args], {
    cwd: repository,
    env: { ...process.env, PATH: path },
  })
}
