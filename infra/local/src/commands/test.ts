// npm test: every test of the repository, or the files and options given: npm test -- 'packages/mailbox/test/**/*.test.ts'
import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { readStartConfig, repository } from '../config.ts'
import { providePgBouncer } from '../databases/pgbouncer-program.ts'
import { findRedis } from '../databases/redis-program.ts'
import { runInTerminal } from '../processes/run-in-terminal.ts'
import { createTerminal } from '../screen/terminal.ts'
import { StartupError } from '../startup-error.ts'
import { stateFolder } from '../state/state-folder.ts'

/** What is proven at a rate needs the machine for itself; such tests come first, one file at a time. */
const ALONE = '{apps,packages,infra}/*/test/**/*.alone.test.ts'
const SIDE_BY_SIDE = '{apps,packages,infra}/*/test/**/!(*.alone).test.ts'
/** A test that hangs must not hold CI for hours; the longest, the chaos test, takes a couple of minutes. */
const TIMEOUT_MS = 600_000

const terminal = createTerminal()
const args = process.argv.slice(2)
const areChosen = args.some(arg => !arg.startsWith('-'))

try {
  const { logs } = stateFolder(readStartConfig().BOTYARD_DIR)
  mkdirSync(logs, { recursive: true })
  await findRedis(terminal, join(logs, 'install.log'))
  if (args.length === 0) await providePgBouncer(terminal, join(logs, 'install.log'))
  // More test files at once than cores only makes the timing of each worse: they run real Redis and Postgres servers.
  const atOnce = availableParallelism()
  const codes = areChosen ? [await run(atOnce)] : [await run(1, ALONE), await run(atOnce, SIDE_BY_SIDE)]
  process.exitCode = codes.find(code => code !== 0) ?? 0
} catch (error) {
  if (!(error instanceof StartupError)) throw error
  terminal.line(`\n${error.message}\n`)
  process.exitCode = 1
}

function run(atOnce: number, ...files: string[]): Promise<number> {
  const pace = [`--test-concurrency=${atOnce}`, `--test-timeout=${TIMEOUT_MS}`]
  return runInTerminal(process.execPath, ['--test', ...pace, ...args, ...files], { cwd: repository })
}
