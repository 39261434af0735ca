// npm test: every test of the repository. npm test -- <package, folder, file or words of a test's name>: a
// part of them.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { readStartConfig, repository } from '../config.ts'
import { providePgBouncer } from '../databases/pgbouncer-program.ts'
import { findRedis } from '../databases/redis-program.ts'
import { StartupError } from '../errors.ts'
import { createTerminal } from '../screen/terminal.ts'
import { stateFolder } from '../state/state-folder.ts'
import { bundleLibraries, useBundles } from '../tests/bundle-libraries.ts'
import { chooseTests } from '../tests/choose-tests.ts'
import { runTiers } from '../tests/run-tiers.ts'

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
  const { tiers, names } = chooseTests(words, repository)
  const state = stateFolder(readStartConfig().BOTYARD_DIR)
  mkdirSync(state.logs, { recursive: true })
  const installLog = join(state.logs, 'install.log')
  const startsProcesses = [...tiers.values()].some(tier => tier !== 'unit')
  if (startsProcesses) await findRedis(terminal, installLog)
  if (words.length === 0) await providePgBouncer(terminal, installLog)
  const folder = mkdtempSync(join(tmpdir(), 'botyard-tests-'))
  // Run by root, Postgres is another user.
  chmodSync(folder, 0o755)
  // What every test process would otherwise do anew: initdb, and the to read and compile what it imports.
  process.env.TEST_CLUSTER_FOLDER = folder
  process.env.NODE_COMPILE_CACHE ??= join(state.root, 'compile-cache')
  try {
    if (startsProcesses) {
      const bundles = await bundleLibraries(join(folder, 'libraries'), repository)
      process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --import=${useBundles(bundles)}`
    }
    return await runTiers(tiers, {
      root: repository,
      names,
      groupsFolder: join(folder, 'groups'),
      terminal,
      output: process.stdout,
      signal: stopped.signal,
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
