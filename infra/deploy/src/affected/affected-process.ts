// npm run affected -- <from> <to>: which apps a change touches, as GitHub Actions reads it from
// $GITHUB_OUTPUT.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { findAffectedApps } from './find-affected-apps.ts'

const [from = '', to = 'HEAD'] = process.argv.slice(2)
if (from === '') {
  process.stderr.write(
    'Name the commit that is deployed, and the one that is to be: npm run affected -- <from> <to>\n',
  )
  process.exitCode = 2
} else {
  const { apps, contracts, why } = findAffectedApps(join(import.meta.dirname, '../../../..'), from, to)
  const output = `apps=${JSON.stringify(apps)}\ncontracts=${contracts}\n`
  process.stderr.write(`${why}\n`)
  process.stdout.write(output)
  if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, output)
}
