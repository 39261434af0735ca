// Runs the tests below the folder given, as `npm test` does those of the repository.
import { join } from 'node:path'
import { fileGraph } from '../../src/checks/import-graph.ts'
import { createTerminal } from '../../src/screen/terminal.ts'
import { chooseTests } from '../../src/tests/choose-tests.ts'
import { runTiers } from '../../src/tests/run-tiers.ts'
import { tiersOf } from '../../src/tests/tiers.ts'

const [root, ...words] = process.argv.slice(2) as [string, ...string[]]
const { files, names } = chooseTests(words, root)
const succeeded = await runTiers(tiersOf(files, fileGraph(root), root), {
  root,
  names,
  groupsFolder: join(root, 'groups'),
  terminal: createTerminal(),
  output: process.stdout,
  signal: new AbortController().signal,
})
if (!succeeded) process.exitCode = 1
