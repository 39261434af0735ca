// npm test: every test of the repository. npm test -- <package, folder, file or words of a test's name>: a part of them.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileGraph } from '../checks/import-graph.ts'
import { readStartConfig, repository } from '../config.ts'
import { providePgBouncer } from '../databases/pgbouncer-program.ts'
import { findRedis } from '../databases/redis-program.ts'
import { createTerminal } from '../screen/terminal.ts'
import { StartupError } from '../startup-error.ts'
import { stateFolder } from '../state/state-folder.ts'
import { chooseTests } from '../tests/choose-tests.ts'
import { runTiers } from '../tests/run-tiers.ts'
import { tiersOf } from '../tests/tiers.ts'

const terminal = createTerminal()
const stopped = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    process.exitCode = 128 + constants.signals[name]
    stopped.abort()
  })
}

try {
  const succeeded = await main(process.argv.slice(2))
  if (!succeeded) process.exitCode ??= 1
} catch (error) {
  if (!(error instanceof StartupError)) throw error
  terminal.line(`\n${error.message}\n`)
  process.exitCode = 1
}

async function main(words: readonly string[]): Promise<boolean> {
  const { files, names } = chooseTests(words, repository)
  const tiers = tiersOf(files, fileGraph(repository), repository)
  const state = stateFolder(readStartConfig().BOTYARD_DIR)
  mkdirSync(state.logs, { recursive: true })
  const installLog = join(state.logs, 'install.log')
  if ([...tiers.values()].some(tier => tier !== 'unit')) await findRedis(terminal, installLog)
  if (words.length === 0) await providePgBouncer(terminal, installLog)
  const clusterFolder = makeClusterFolder()
  try {
    return await runTiers(tiers, {
      root: repository,
      names,
      groupsFolder: join(state.root, 'test-groups'),
      terminal,
      output: process.stdout,
      signal: stopped.signal,
    })
  } finally {
    rmSync(clusterFolder, { recursive: true, force: true })
  }
}

/** Where the testkit keeps the Postgres cluster that it copies for every test that starts one. */
function makeClusterFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'botyard-clusters-'))
  // Run by root, Postgres is another user.
  chmodSync(folder, 0o755)
  process.env.TEST_CLUSTER_FOLDER = folder
  return folder
}
