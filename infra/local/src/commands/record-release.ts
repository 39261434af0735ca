// npm run record-release -- <version>: writes down that the last commit is this release, so that what comes
// after it is compared with it, and begins a new entry of docs/UPGRADING.md.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { previousReleaseFile } from '../checks/upgrading/previous-release.ts'
import { readVersions } from '../checks/upgrading/read-versions.ts'
import { withVersionsTable } from '../checks/upgrading/versions-table.ts'
import { repository } from '../config.ts'

const [version = ''] = process.argv.slice(2)
if (!/^\d+\.\d+\.\d+$/.test(version)) {
  process.stderr.write(`Name the release: npm run record-release -- 1.2.3 (not "${version}").\n`)
  process.exitCode = 2
} else {
  const commit = execFileSync('git', ['-C', repository, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
  const versions = readVersions(repository)
  const release = { version, commit, ...versions }
  writeFileSync(join(repository, previousReleaseFile), `${JSON.stringify(release, null, 2)}\n`)
  const file = join(repository, 'docs', 'UPGRADING.md')
  const begun = readFileSync(file, 'utf8').replace(
    /^## Unreleased$/m,
    `## Unreleased\n\nNothing to do.\n\n## ${version}`,
  )
  writeFileSync(file, withVersionsTable(begun, release, versions))
  process.stdout.write(`${version} is ${commit}. Commit both files, and tag: git tag v${version} ${commit}\n`)
}
