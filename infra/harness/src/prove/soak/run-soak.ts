import { setTimeout as delay } from 'node:timers/promises'
import { startDeployment } from '../../shared/deployment/deployment.ts'
import { countMarkedSends } from '../../shared/deployment/marked-sends.ts'
import { problemsOf } from '../../simulate/ledger.ts'
import { platforms } from '../../simulate/platforms/index.ts'
import { simulateTraffic, type TrafficReport } from '../../simulate/simulate-traffic.ts'
import { lookAtMemory, type MemoryLook } from './memory.ts'

/** How long, and how much. */
export interface SoakOptions {
  readonly minutes: number
  /** Messages a second. */
  readonly rate: number
  readonly chats: number
  /** A gateway and a worker are replaced so often. */
  readonly restartMinutes: number
  readonly seed: number
}

/** What was seen. */
export interface SoakReport {
  readonly traffic: TrafficReport
  readonly restarts: number
  /** Sends whose outcome nobody knew, and that were marked so. */
  readonly marked: number
  /** Medians of the looks after a sixth of the time, and at the end. */
  readonly before: MemoryLook
  readonly after: MemoryLook
  /** A look a minute: whether something grows or has only been busy shows in between. */
  readonly lookedAt: readonly MemoryLook[]
  readonly problems: readonly string[]
}

const lookEveryMs = 5_000
const looksAMinute = 60_000 / lookEveryMs
/** What is compared are the medians of so many looks. */
const looksCompared = 7
/** "At the end as after ten minutes" of an hour, give or take what a garbage collection takes. */
const warmUpShare = 1 / 6
const maxGrowth = 1.15
const spareMb = 16
/**
 * Redis remembers the ids of a day (`packages/mailbox/src/lua/seen.lua`), so it grows by these. Its buckets
 * grow by steps: measured 8 to 24 bytes an id.
 */
const redisBytesAnUpdate = 24

/**
 * Traffic for a long time, while one of two gateways and one of two workers are replaced by turns; every
 * third time they are killed. What is looked at are the processes that nobody replaces.
 */
export async function runSoak(options: SoakOptions, say: (line: string) => void): Promise<SoakReport> {
  await using deployment = await startDeployment({ gateways: 2, workers: 2 })
  const looks: MemoryLook[] = []
  const ending = new AbortController()
  const looking = repeat(lookEveryMs, ending.signal, async () => void looks.push(lookAtMemory(deployment)))
  let restarts = 0
  const marks = countMarkedSends(deployment)
  const restarting = repeat(options.restartMinutes * 60_000, ending.signal, async () => {
    const app = restarts % 2 === 0 ? 'worker' : 'gateway'
    // The simulated platform calls the first gateway, and sends again what it did not take.
    const member = deployment.membersOf(app)[1]!
    await marks.note()
    await member.replace(++restarts % 3 === 0 ? 'SIGKILL' : 'SIGTERM')
  })
  const { rate, chats, seed, minutes } = options
  const traffic = await simulateTraffic(
    {
      ...{ rate, chats, seed, seconds: minutes * 60, patienceSeconds: 60, duplicateShare: 0.02 },
      run: deployment.system,
      platform: platforms.telegram!,
    },
    {
      onProgress(second, { counts }) {
        if (Math.round(second) % 60 === 0) say(`${Math.round(second / 60)} min: ${JSON.stringify(counts)}`)
      },
      onWarning: say,
    },
    new AbortController().signal,
  )
  ending.abort()
  await Promise.all([looking, restarting])
  await marks.note()
  const warm = Math.floor(looks.length * warmUpShare)
  const before = medianLook(looks.slice(warm, warm + looksCompared))
  const after = medianLook(looks.slice(-looksCompared))
  const accepted = traffic.accepted * (1 - warmUpShare)
  const duplicated = Math.max(0, traffic.duplicated - marks.sum)
  const problems = [...problemsOf({ ...traffic, duplicated }), ...growthOf(before, after, accepted)]
  const lookedAt = looks.filter((_, i) => i % looksAMinute === 0)
  return { traffic, restarts, marked: marks.sum, before, after, lookedAt, problems }
}

async function repeat(everyMs: number, signal: AbortSignal, task: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await delay(everyMs, undefined, { signal }).catch(() => undefined)
    if (!signal.aborted) await task()
  }
}

function medianLook(looks: readonly MemoryLook[]): MemoryLook {
  const names = Object.keys(looks.at(-1) ?? {})
  const middle = (name: string) => {
    const values = looks.map(look => look[name] ?? 0).sort((a, b) => a - b)
    return Math.round(values[Math.floor(values.length / 2)] ?? 0)
  }
  return Object.fromEntries(names.map(name => [name, middle(name)]))
}

/** What grew by more than it may. */
export function growthOf(before: MemoryLook, after: MemoryLook, accepted: number): string[] {
  return Object.entries(after).flatMap(([name, mb]) => {
    const first = before[name]
    if (first === undefined) return []
    const ids = name === 'redis' ? (accepted * redisBytesAnUpdate) / 1e6 : 0
    const most = first * maxGrowth + spareMb + ids
    return mb > most ? [`${name} grew from ${first} to ${mb} MB; ${Math.round(most)} are allowed`] : []
  })
}
