// Names lines of more than 110 columns and source files of more than 250 lines. A step of `npm run check`.
import { globSync } from 'node:fs'
import { repository } from '../config.ts'
import { findLong } from './find-long.ts'

/** Lists and tables: long, but of one concept. */
const longLists = [
  'apps/admin/src/errors.ts',
  'infra/local/src/checks/unheard/rules.ts',
  'packages/example-bots/src/support/examples.ts',
]

/** One concept each that has not been divided yet. */
const tooTall = [
  'packages/cache/src/invalidator.ts',
  'packages/cache/src/membership.ts',
  'packages/send-limits/src/send-limits.ts',
  'packages/service-kit/src/keyring.ts',
]

const files = globSync('{apps,packages,infra}/*/{src,cli,test}/**/*.{ts,lua,mjs}', {
  cwd: repository,
  exclude: ['**/node_modules', '**/fixtures'],
})
const faults = findLong(repository, files, {
  maxColumns: 110,
  maxLines: 250,
  wide: ['infra/harness/src/bench/nlp/letter.ts', 'infra/harness/src/bench/load/request-template.ts'],
  tall: [...longLists, ...tooTall],
})
for (const fault of faults) process.stdout.write(`${fault}\n`)
process.exitCode = faults.length > 0 ? 1 : 0
