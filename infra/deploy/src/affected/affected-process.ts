// npm run affected -- <from> <to>: which apps a change touches, as GitHub Actions reads it from
// $GITHUB_OUTPUT. Where apps are deployed at commits of their own:
// npm run affected -- worker=<from> gateway=<from> admin=<from> <to>.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AppName, appOrder } from '../plan.ts'
import { type Deployed, exampleBots, findAffectedApps } from './find-affected-apps.ts'

const { deployed, to } = readArguments(process.argv.slice(2))
if (deployed === '') {
  process.stderr.write(
    'Name the commit that is deployed, and the one that is to be: npm run affected -- <from> <to>\n',
  )
  process.exitCode = 2
} else {
  const root = join(import.meta.dirname, '../../../..')
  const { apps, contracts, why } = findAffectedApps(root, deployed, to, process.env.BOTS || exampleBots)
  const output = `apps=${JSON.stringify(apps)}\ncontracts=${contracts}\n`
  process.stderr.write(`${why}\n`)
  process.stdout.write(output)
  if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, output)
}

function readArguments(given: readonly string[]): { deployed: Deployed; to: string } {
  const ofApps = new Map<string, string>()
  const commits: string[] = []
  for (const one of given) {
    const [app, from] = one.split('=')
    if (from !== undefined && appOrder.includes(app as AppName)) ofApps.set(app!, from)
    else commits.push(one)
  }
  if (ofApps.size > 0) return { deployed: Object.fromEntries(ofApps), to: commits[0] ?? 'HEAD' }
  return { deployed: commits[0] ?? '', to: commits[1] ?? 'HEAD' }
}
