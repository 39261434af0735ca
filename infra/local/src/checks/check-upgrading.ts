// Says what moved between the release before and this build that docs/UPGRADING.md does not tell. A step of
// `npm run check`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../config.ts'
import { findUntold } from './upgrading/find-untold.ts'
import { readPreviousRelease } from './upgrading/previous-release.ts'
import { findUntitled, readVersions } from './upgrading/read-versions.ts'

const page = readFileSync(join(repository, 'docs', 'UPGRADING.md'), 'utf8')
const faults = [
  ...findUntitled(repository),
  ...findUntold(page, readPreviousRelease(repository), readVersions(repository)),
]
for (const fault of faults) process.stdout.write(`${fault}\n`)
process.exitCode = faults.length > 0 ? 1 : 0
