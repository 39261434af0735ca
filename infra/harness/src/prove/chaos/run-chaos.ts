import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ConversationKey } from '@botyard/queue-contracts'
import { createRandom } from '@botyard/testkit'
import { waitWhileItMoves } from '../../shared/wait.ts'
import { Fleet } from '../fleet.ts'
import { type FaultName, faultNames, type Members, planFaults } from './faults.ts'
import { Ledger } from './ledger.ts'
import { argumentsOf, floodingBot, quietBot, type WorkerNews, type WriteAnswer } from './protocol.ts'
import { type RedisPair, startRedisPair } from './redis-pair.ts'
import { verify } from './verify.ts'
import { watchPlaces } from './watch-places.ts'

/** The size of a run. */
export interface ChaosOptions {
  readonly seconds: number
  /** Goes on until so many updates are accepted and each fault came once, three times the seconds at most. */
  readonly atLeast?: number
  /** Of the quiet bot. */
  readonly conversations: number
  /** Conversations of the other bot that begin at once in a flood. */
  readonly flood: number
  /** All unless set. */
  readonly faults?: readonly FaultName[]
  readonly seed: number
  readonly partitions?: number
  /** Keys written beforehand so that Redis loads for a while after each kill. */
  readonly fillerKeys?: number
}

/** What a run found. */
export interface ChaosReport {
  readonly ledger: Readonly<Record<string, number | string>>
  readonly accepted: number
  readonly faults: Readonly<Record<string, number>>
  readonly timeline: readonly string[]
  readonly slowest: readonly unknown[]
  /** What workers said is mended by itself, and how often. */
  readonly troubles: Readonly<Record<string, number>>
  /**
   * Empty if every accepted update was answered, in order, twice only with a mark, and nothing is left over.
   */
  readonly problems: readonly string[]
}

const answerTimeoutMs = 3_000
/** What is wrong must not change for so long before it counts. */
const quietMs = 45_000
const ableEveryMs = 300
/** Of a flood, at the gateways at once. */
const floodAtOnce = 200

/**
 * Three workers, two gateways, and a Redis (AOF, fsync always) with a replica that has everything before it
 * counts as accepted, under faults. Each conversation is delivered as Telegram does: one update in flight,
 * again until it is accepted, now and then once more although it was. What is sent ends here.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seconds, conversations, seed, partitions = 2, fillerKeys = 40_000, atLeast = 0 } = options
  await using stack = new AsyncDisposableStack()
  const random = createRandom(seed)
  const pair = await startRedisPair({ fillerKeys })
  stack.defer(() => pair.stop())
  while (!(await pair.isSettled())) await delay(200)

  const ledger = new Ledger()
  const answers = new Map<number, (outcome: string | undefined) => void>()
  const troubles: Record<string, number> = {}
  let deliveries = 0
  let runs = 0
  const writers = await startMembers('writer-process.ts', 2, ({ id, outcome }: WriteAnswer) =>
    answers.get(id)?.(outcome),
  )
  const workers = await startMembers('worker-process.ts', 3, ({ ran, sent, trouble }: WorkerNews) => {
    if (ran) {
      runs++
      ledger.run(ran)
    }
    if (sent) ledger.send(sent)
    if (trouble) troubles[trouble] = (troubles[trouble] ?? 0) + 1
  })
  const faults = planFaults({
    pair,
    workers,
    writers,
    ledger,
    random,
    flood,
    names: options.faults ?? faultNames,
  })
  const places = watchPlaces(pair, partitions)
  stack.defer(() => places.stop())
  const watchedAble = watchAble(pair, ledger)
  stack.defer(() => watchedAble.stop())

  async function startMembers(
    file: string,
    size: number,
    onMessage: (message: never) => void,
  ): Promise<Members> {
    const ways = await Promise.all(Array.from({ length: size }, () => pair.link()))
    const skewsMs = ways.map(() => 0)
    const argsOf = (i: number) => argumentsOf({ url: ways[i]!.url, partitions, skewMs: skewsMs[i]! })
    const fleet = new Fleet(join(import.meta.dirname, file), argsOf, size, onMessage)
    stack.defer(() => fleet.stop())
    return { fleet, skewsMs, links: ways.map(({ link }) => link) }
  }

  /** One delivery by one gateway: undefined if it was not promised, however far it got. */
  async function deliver(conversation: ConversationKey, n: number): Promise<string | undefined> {
    const id = deliveries++
    const { promise, resolve } = Promise.withResolvers<string | undefined>()
    answers.set(id, resolve)
    const timer = setTimeout(() => resolve(undefined), answerTimeoutMs)
    const { members } = writers.fleet
    members[id % members.length]!.send({ id, conversation, n }, error => error && resolve(undefined))
    const outcome = await promise
    clearTimeout(timer)
    answers.delete(id)
    return outcome === 'backlog-full' ? undefined : outcome
  }

  async function deliverUntilAccepted(conversation: ConversationKey, n: number): Promise<void> {
    while ((await deliver(conversation, n)) === undefined) await delay(50)
    ledger.accept({ conversation, n })
  }

  async function converse(conversation: ConversationKey, signal: AbortSignal): Promise<void> {
    for (let n = 1; !signal.aborted; n++) {
      await deliverUntilAccepted(conversation, n)
      if (random() < 0.05) await deliver(conversation, n)
      await delay(random() * 2_000)
    }
  }

  let floods = 0
  async function flood(): Promise<void> {
    const name = ++floods
    let next = 0
    const talk = async () => {
      while (next < options.flood) {
        const conversation: ConversationKey = `${floodingBot}/burst-${name}-${next++}`
        for (let n = 1; n <= 2; n++) await deliverUntilAccepted(conversation, n)
      }
    }
    await Promise.all(Array.from({ length: floodAtOnce }, talk))
  }

  const everyFault = () => Object.values(faults.counts).every(times => times > 0)
  const ending = endAfter(seconds, () => ledger.acceptedCount > atLeast && (atLeast === 0 || everyFault()))
  const names = Array.from(
    { length: conversations },
    (_, i): ConversationKey => `${quietBot}/conversation-${i}`,
  )
  await Promise.all([faults.run(ending), ...names.map(name => converse(name, ending))])
  const look = () =>
    pair.ask(redis => verify(redis, partitions, ledger)).catch((error: Error) => [String(error)])
  const { seen } = await waitWhileItMoves(look, {
    ...{ isDone: problems => problems.length === 0, patienceMs: quietMs, everyMs: 500 },
  })
  await places.stop()
  return {
    ledger: {
      ...{ 'updates accepted': ledger.acceptedCount, deliveries, 'runs of handlers': runs },
      ...{ 'replies sent': ledger.sentCount, 'of them marked interrupted': ledger.markedCount },
      'sent again after newer ones': ledger.lateCount,
      'looks at all places': places.looks,
      ...faults.counts,
      ...ledger.longestWaits,
    },
    ...{ accepted: ledger.acceptedCount, faults: faults.counts, troubles },
    ...{ timeline: ledger.timeline, slowest: ledger.slowest },
    problems: [...places.problems, ...seen],
  }
}

/** Has the ledger count the time in which the primary answers and the replica follows. */
function watchAble(pair: RedisPair, ledger: Ledger): { stop(): Promise<void> } {
  const ending = new AbortController()
  const ended = (async () => {
    let before: number | undefined
    while (!ending.signal.aborted) {
      const now = (await pair.isAble()) ? performance.now() : undefined
      if (now !== undefined && before !== undefined) ledger.ableMs += now - before
      before = now
      await delay(ableEveryMs, undefined, { signal: ending.signal }).catch(() => undefined)
    }
  })()
  return {
    async stop() {
      ending.abort()
      await ended
    },
  }
}

/**
 * Aborts when the time is over and there was enough to do: Redis loads its file for most of a run that kills
 * it often.
 */
function endAfter(seconds: number, isEnough: () => boolean): AbortSignal {
  const ending = new AbortController()
  const startedAt = Date.now()
  const timer = setInterval(() => {
    const ran = (Date.now() - startedAt) / 1000
    if (ran < seconds || (ran < 3 * seconds && !isEnough())) return
    clearInterval(timer)
    ending.abort()
  }, 100).unref()
  return ending.signal
}
