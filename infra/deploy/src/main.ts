// npm run rollout -- <app…> --release <name> --plan <file>
import { parseArgs } from 'node:util'
import { type AppName, appOrder, PlanError, readPlan, UsageError } from './plan.ts'
import { type RolloutResult, rollOut } from './rollout.ts'
import { renderStandings } from './standing.ts'

const usage = `Usage: npm run rollout -- <app…> --release <name> --plan <file>

Rolls apps (${appOrder.join(', ')}; always in this order) over the instances that the plan names, one after the
other: drain, replace, wait for /ready, admit. Instances that run the release already are passed over, so the
same command goes on where another one stopped. If an instance does not become ready, the former release is put
back on it and on those of the app that were rolled before.

  --release <name>  what the commands of the plan get as RELEASE
  --plan <file>     see infra/deploy/example/rollout.json

Exit code: 0 done; 1 failed, and the former release is back; 2 nothing was done; 3 failed, and it is not;
130 stopped by Ctrl-C.`

const exitCodes: Readonly<Record<RolloutResult['outcome'], number>> = {
  done: 0,
  failed: 1,
  broken: 3,
  stopped: 130,
}
const say = (line: string) => void process.stdout.write(`${line}\n`)

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof PlanError)) throw error
  process.stderr.write(error instanceof UsageError ? `${error.message}\n\n${usage}\n` : `${error.message}\n`)
  process.exitCode = 2
}

async function main(): Promise<number> {
  const { apps, release, plan, help } = readArguments()
  if (help) {
    say(usage)
    return 0
  }
  const read = readPlan(plan)
  const result = await rollOut(read, apps, release, { ...stopSignals(), env: process.env, say })
  say(`\n${summaryOf(result, release)}\n${renderStandings(result.standings, release)}`)
  for (const problem of result.problems) say(`  ✗ ${problem}`)
  return exitCodes[result.outcome]
}

function readArguments() {
  const { values, positionals } = parse()
  const { release = '', plan = '', help = false } = values
  if (help) return { apps: [], release, plan, help }
  const unknown = positionals.filter(name => !appOrder.includes(name as AppName))
  if (unknown.length > 0) throw new UsageError(`There is no app ${unknown.join(', ')}`)
  if (positionals.length === 0) throw new UsageError('Name the apps to roll')
  if (release === '') throw new UsageError('Name the release: --release')
  if (plan === '') throw new UsageError('Name the plan: --plan')
  return { apps: positionals as AppName[], release, plan, help }
}

function parse() {
  const options = {
    release: { type: 'string' },
    plan: { type: 'string' },
    help: { type: 'boolean' },
  } as const
  try {
    return parseArgs({ allowPositionals: true, options })
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause })
  }
}

/** The first Ctrl-C lets the command under way end and begins nothing new; the second breaks it off. */
function stopSignals(): { stop: AbortSignal; breakOff: AbortSignal } {
  const [stop, breakOff] = [new AbortController(), new AbortController()]
  const onSignal = () => {
    if (stop.signal.aborted) {
      breakOff.abort()
      return
    }
    say('Stopping when the command under way has ended. Ctrl-C again breaks it off.')
    stop.abort()
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, onSignal)
  return { stop: stop.signal, breakOff: breakOff.signal }
}

function summaryOf({ outcome }: RolloutResult, release: string): string {
  switch (outcome) {
    case 'done':
      return `Done: ${release} runs everywhere.`
    case 'failed':
      return `Failed: ${release} was taken back. Every instance of the app is ready on its former release.`
    case 'broken':
      return `Failed, and the former release could not be put back everywhere. Look at:`
    case 'stopped':
      return `Stopped. The same command goes on from here; --release with the former name goes back.`
  }
}
