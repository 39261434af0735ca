import { setTimeout as delay } from 'node:timers/promises'
import type { FaultyLink } from '@botyard/testkit'
import type { Fleet } from '../fleet.ts'
import type { Ledger } from './ledger.ts'
import type { RedisPair } from './redis-pair.ts'

/** What can be done to the system under test. */
export const faultNames = [
  ...['worker-killed', 'worker-stopped', 'worker-half-open', 'worker-skewed'],
  ...['gateway-killed', 'gateway-half-open', 'gateway-skewed'],
  ...['redis-killed', 'redis-full', 'failover', 'flood'],
] as const

export type FaultName = (typeof faultNames)[number]

/** What is done to the system under test, and how often it was. */
export interface Faults {
  readonly counts: Readonly<Record<string, number>>
  /** Injects faults until the signal aborts; everything runs again when it resolves. */
  run(signal: AbortSignal): Promise<void>
}

/** A kind of process, with the way to Redis of each member and what its clock shows. */
export interface Members {
  readonly fleet: Fleet
  readonly links: readonly FaultyLink[]
  /** How wrong the clock of a member is, from its next start on. */
  readonly skewsMs: number[]
}

/** What is done to what. */
export interface FaultsOptions {
  readonly pair: RedisPair
  readonly workers: Members
  readonly writers: Members
  readonly ledger: Ledger
  readonly names: readonly FaultName[]
  /** Fixes which faults come when. */
  readonly random: () => number
  /** Has the other bot talk in thousands of conversations at once. */
  readonly flood: () => Promise<void>
}

/**
 * A fault that may be possible now: `begin` resolves when the next one may come, and its effects end with
 * what `begin` answers.
 */
interface Fault {
  readonly isPossible?: () => boolean | Promise<boolean>
  begin(): Promise<{ over: Promise<unknown> }>
}

/** Longer than a heartbeat lives (5 s): others have taken over when the process wakes up. */
const stopMs = 7_000
const lostMs = 1_000
const fullMs = 4_000
const maxSkewMs = 10 * 60_000
/** Updates accepted between two faults of Redis. */
const acceptedBetween = 200
/** How long the loss of a process, a link or a Redis shows in the waits after it. */
const afterMs = 7_000

/** Updates without an answer beyond which no flood begins. */
const maxOpen = 1_000
/** A fault that has not begun by then is a fault of this harness. */
const beginMs = 120_000

/** A schedule of faults: each kind once, in an order of its own, and again. */
export function planFaults({ pair, workers, writers, ledger, names, random, flood }: FaultsOptions): Faults {
  const pick = (n: number) => Math.floor(random() * n)
  const readyOf = ({ fleet }: Members) => fleet.members.flatMap((_, i) => (fleet.isReady(i) ? [i] : []))
  const onMember = (members: Members, harm: (i: number) => Promise<unknown>): Fault => ({
    isPossible: () => readyOf(members).length > 0,
    async begin() {
      const ready = readyOf(members)
      return { over: harm(ready[pick(ready.length)]!) }
    },
  })
  const replace = (members: Members, skewMs: () => number) =>
    onMember(members, i => {
      members.skewsMs[i] = skewMs()
      members.fleet.replace(i)
      return delay(afterMs)
    })
  const deafen = (members: Members) =>
    onMember(members, i => {
      const link = members.links[i]!
      const harm = random()
      if (harm < 0.3) link.halfOpen()
      else link.swallow(harm < 0.6 ? 'requests' : 'answers')
      return delay(afterMs)
    })
  const rightClock = () => 0
  const wrongClock = () => Math.round((random() * 2 - 1) * maxSkewMs)
  let acceptedBefore = 0
  const onPair = (harm: () => Promise<unknown>): Fault => ({
    // While it loads or the replica lacks something nothing is accepted, and a machine that is busy may take
    // long.
    isPossible: async () =>
      ledger.acceptedCount - acceptedBefore >= acceptedBetween && (await pair.isSettled()),
    async begin() {
      await harm()
      acceptedBefore = ledger.acceptedCount
      return { over: delay(afterMs) }
    },
  })

  const faults: Readonly<Record<FaultName, Fault>> = {
    'worker-killed': replace(workers, rightClock),
    'worker-stopped': onMember(workers, async i => {
      const resume = workers.fleet.pause(i)
      await delay(stopMs)
      resume()
    }),
    'gateway-killed': replace(writers, rightClock),
    'redis-killed': onPair(() => pair.killPrimary()),
    failover: onPair(() => pair.failOver(lostMs)),
    'redis-full': {
      isPossible: () => pair.isSettled(),
      // A Redis that ended meanwhile has forgotten its limit.
      begin: async () => ({ over: pair.beFull(fullMs).catch(() => undefined) }),
    },
    'worker-half-open': deafen(workers),
    'gateway-half-open': deafen(writers),
    'gateway-skewed': replace(writers, wrongClock),
    'worker-skewed': replace(workers, wrongClock),
    flood: {
      // A busy machine is not to be buried: the last one must have been answered for the most part.
      isPossible: () => ledger.openCount < maxOpen,
      begin: async () => ({ over: flood() }),
    },
  }
  const counts = Object.fromEntries(names.map(name => [name, 0]))
  const underWay = new Set<Promise<unknown>>()

  async function inject(name: FaultName): Promise<void> {
    const end = ledger.fault(name)
    const { over } = await inTime(name, faults[name].begin())
    counts[name]!++
    const ended = over.finally(end)
    underWay.add(ended)
    void ended.finally(() => underWay.delete(ended))
  }

  /** The first fault of the deck that is possible now; the others keep their turn. */
  async function next(deck: FaultName[]): Promise<void> {
    if (deck.length === 0) deck.push(...shuffled(names, random))
    for (const [at, name] of deck.entries()) {
      if (!((await faults[name].isPossible?.()) ?? true)) continue
      deck.splice(at, 1)
      return inject(name)
    }
    // What a busy machine cannot do for a long time must not end all others.
    deck.push(...shuffled(names, random).filter(name => !deck.includes(name)))
  }

  return {
    counts,
    async run(signal) {
      const deck: FaultName[] = []
      while (!signal.aborted) {
        await delay(800 + pick(1_500), undefined, { signal }).catch(() => undefined)
        if (!signal.aborted) await next(deck)
      }
      await Promise.all(underWay)
      while (!(await pair.isSettled())) await delay(200)
    },
  }
}

async function inTime<T>(name: FaultName, begun: Promise<T>): Promise<T> {
  const waiting = new AbortController()
  const late = delay(beginMs, undefined, { signal: waiting.signal }).then(() => {
    throw new Error(`the fault ${name} did not begin within ${beginMs / 1000} s`)
  })
  try {
    return await Promise.race([begun, late])
  } finally {
    waiting.abort()
    late.catch(() => undefined)
  }
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map(item => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
