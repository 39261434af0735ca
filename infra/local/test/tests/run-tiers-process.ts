// Runs the tests below the folder given, as `npm test` does those of the repository, within `TEST_LIMITS`.
import { join } from 'node:path'
import { createTerminal } from '../../src/screen/terminal.ts'
import { chooseTests } from '../../src/tests/choose-tests.ts'
import { runTiers } from '../../src/tests/run-tiers.ts'

const [root, ...words] = process.argv.slice(2) as [string, ...string[]]
const limits = process.env.TEST_LIMITS
const { tiers, names } = chooseTests(words, root)
const succeeded = await runTiers(tiers, {
  root,
  names,
  groupsFolder: join(root, 'groups'),
  terminal: createTerminal(),
  output: process.stdout,
  signal: new AbortController().signal,
  ...(limits !== undefined && { limits: JSON.parse(limits) }),
})
if (!succeeded) process.exitCode = 1
