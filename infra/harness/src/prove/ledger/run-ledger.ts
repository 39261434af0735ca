import { setTimeout as delay } from 'node:timers/promises'
import { createRandom } from '@botyard/testkit'
import { countMarkedSends } from '../../shared/deployment/marked-sends.ts'
import { problemsOf } from '../../simulate/ledger.ts'
import type { RunningSystem } from '../../simulate/running-system.ts'
import { type SeveralPlatforms, startSeveralPlatforms } from '../../simulate/several-platforms.ts'
import type { TrafficReport } from '../../simulate/simulate-traffic.ts'
import { type FaultName, planFaults } from './faults.ts'
import { startFaultyDeployment } from './faulty-deployment.ts'

/** What is written, and what breaks meanwhile. */
export interface LedgerOptions {
  readonly platforms: readonly string[]
  /** Messages a second of each platform. */
  readonly rate: number
  readonly chats: number
  readonly faults: readonly FaultName[]
  /** How often all faults come. */
  readonly rounds: number
  /** Between two faults. */
  readonly restSeconds: number
  readonly seed: number
}

/** What one fault did. */
export interface FaultRow {
  readonly fault: FaultName
  /** The longest time in which no reply came, from the fault until everything was well again. */
  readonly pauseMs: number
}

/** What was found. */
export interface LedgerReport {
  readonly traffic: readonly TrafficReport[]
  readonly faults: readonly FaultRow[]
  /** Sends that were marked: nobody knows whether they arrived. */
  readonly marked: number
  /** What was given up, by reason: it is part of what the books call lost. */
  readonly deadLetters: Readonly<Record<string, number>>
  readonly problems: readonly string[]
}

const lookEveryMs = 20
/** What was held by who died waits for a heartbeat's end, and what Telegram was refused for its back-off. */
const patienceSeconds = 120

/** Several platforms write while every kind of process fails in turn; then the books are closed. */
export async function runLedger(options: LedgerOptions, say: (line: string) => void): Promise<LedgerReport> {
  await using deployment = await startFaultyDeployment()
  const random = createRandom(options.seed)
  const plan = planFaults(deployment)
  const marks = countMarkedSends(deployment)
  const traffic = startSeveralPlatforms({
    ...{ run: deployment.system, names: options.platforms, rate: options.rate, chats: options.chats },
    ...{ seed: options.seed, patienceSeconds, onWarning: say },
    // It ends when the faults have been, on a slow machine too.
    maxSeconds: options.faults.length * options.rounds * (60 + options.restSeconds),
  })
  const faults: FaultRow[] = []
  await delay(options.restSeconds * 1000)
  for (let round = 0; round < options.rounds; round++) {
    for (const fault of shuffled(options.faults, random)) {
      await marks.note()
      const pauseMs = await longestPause(traffic, () => plan[fault](), options.restSeconds * 1000)
      faults.push({ fault, pauseMs })
      say(`${fault}: no reply for ${Math.round(pauseMs)} ms`)
    }
  }
  const reports = await traffic.end()
  await marks.note()
  const deadLetters = await readDeadLetters(deployment.system)
  const doubles = reports.reduce((sum, { duplicated }) => sum + duplicated, 0)
  const problems = reports.flatMap(report =>
    problemsOf({ ...report, duplicated: 0 }).map(problem => `${report.platform}: ${problem}`),
  )
  if (doubles > marks.sum) problems.push(`${doubles} replies came twice, and ${marks.sum} were marked`)
  return { traffic: reports, faults, marked: marks.sum, deadLetters, problems }
}

/** Lets something happen, and answers the longest time without a reply until a rest after it. */
async function longestPause(
  traffic: SeveralPlatforms,
  happen: () => Promise<void>,
  restMs: number,
): Promise<number> {
  const handled = () => Object.values(traffic.handled()).reduce((sum, n) => sum + n, 0)
  let [before, movedAtMs, longest] = [handled(), performance.now(), 0]
  const look = setInterval(() => {
    const [now, nowMs] = [handled(), performance.now()]
    longest = Math.max(longest, nowMs - movedAtMs)
    if (now !== before) [before, movedAtMs] = [now, nowMs]
  }, lookEveryMs)
  await happen()
  await delay(restMs)
  clearInterval(look)
  return longest
}

async function readDeadLetters({ adminUrl, adminToken }: RunningSystem): Promise<Record<string, number>> {
  const answer = await fetch(`${adminUrl}/api/v1/dead-letters?limit=500`, {
    headers: { authorization: `Bearer ${adminToken}` },
  })
  const { deadLetters } = (await answer.json()) as { deadLetters: { reason: string }[] }
  const reasons: Record<string, number> = {}
  for (const { reason } of deadLetters) reasons[reason] = (reasons[reason] ?? 0) + 1
  return reasons
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  return values
    .map(value => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value)
}
