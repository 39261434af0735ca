import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ConversationKey } from '@botyard/queue-contracts'
import { createRandom, startRedis } from '@botyard/testkit'
import { Redis } from 'ioredis'
import { waitWhileItMoves } from '../../shared/wait.ts'
import { Fleet } from '../fleet.ts'
import { planFaults } from './faults.ts'
import type { WriteAnswer } from './protocol.ts'
import { verify } from './verify.ts'

/** The size of a run. */
export interface ChaosOptions {
  readonly seconds: number
  /** Goes on until so many updates are accepted, three times the seconds at most. */
  readonly atLeast?: number
  readonly conversations: number
  readonly seed: number
  readonly partitions?: number
  /** Keys written beforehand so that Redis loads for a while after each kill. */
  readonly fillerKeys?: number
}

/** What a run found. */
export interface ChaosReport {
  readonly accepted: number
  readonly deliveries: number
  readonly runs: number
  readonly faults: Readonly<Record<string, number>>
  /** Empty if every accepted update was settled exactly once, in order, and nothing is left over. */
  readonly problems: readonly string[]
}

const answerTimeoutMs = 3_000
/** What is wrong must not change for so long before it counts. */
const quietMs = 45_000

/**
 * Three workers, two gateways and a Redis (AOF, fsync always) under faults. Each conversation is delivered as
 * Telegram does: one update in flight, again until it is accepted, now and then once more although it was.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seconds, conversations, seed, partitions = 2, fillerKeys = 300_000, atLeast = 0 } = options
  const random = createRandom(seed)
  const server = await startRedis({ appendfsync: 'always' })
  const redis = new Redis(server.url, { maxRetriesPerRequest: null })
  redis.on('error', () => undefined)
  await fill(redis, fillerKeys)

  const accepted = new Map<ConversationKey, number>()
  const answers = new Map<number, (outcome: string | undefined) => void>()
  let deliveries = 0
  let runs = 0
  const args = [server.url, String(partitions)]
  const writers = new Fleet(
    join(import.meta.dirname, 'writer-process.ts'),
    args,
    2,
    ({ id, outcome }: WriteAnswer) => answers.get(id)?.(outcome),
  )
  const workers = new Fleet(
    join(import.meta.dirname, 'worker-process.ts'),
    args,
    3,
    (message: { ran?: string }) => {
      if (message.ran !== undefined) runs++
    },
  )
  const faults = planFaults({ redis: server, workers, writers, random })

  /** One delivery by one gateway: undefined if it was not promised, however far it got. */
  async function deliver(conversation: ConversationKey, n: number): Promise<string | undefined> {
    const id = deliveries++
    const { promise, resolve } = Promise.withResolvers<string | undefined>()
    answers.set(id, resolve)
    const timer = setTimeout(() => resolve(undefined), answerTimeoutMs)
    writers.members[id % writers.members.length]!.send(
      { id, conversation, n },
      error => error && resolve(undefined),
    )
    const outcome = await promise
    clearTimeout(timer)
    answers.delete(id)
    return outcome
  }

  async function converse(conversation: ConversationKey, signal: AbortSignal): Promise<void> {
    for (let n = 1; !signal.aborted; n++) {
      while ((await deliver(conversation, n)) === undefined) await delay(50)
      accepted.set(conversation, n)
      if (random() < 0.05) await deliver(conversation, n)
      await delay(random() * 2_000)
    }
  }

  try {
    const ending = endAfter(seconds, () => sum(accepted) > atLeast)
    const names = Array.from({ length: conversations }, (_, i): ConversationKey => `chaos/conversation-${i}`)
    await Promise.all([faults.run(ending), ...names.map(name => converse(name, ending))])
    const { seen: problems } = await waitWhileItMoves(() => verify(redis, partitions, accepted), {
      ...{ isDone: problems => problems.length === 0, patienceMs: quietMs, everyMs: 500 },
    })
    return { accepted: sum(accepted), deliveries, runs, faults: faults.counts, problems }
  } finally {
    await Promise.all([writers.stop(), workers.stop()])
    redis.disconnect()
    await server.stop()
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

function sum(counts: ReadonlyMap<unknown, number>): number {
  return [...counts.values()].reduce((total, n) => total + n, 0)
}

async function fill(redis: Redis, keys: number): Promise<void> {
  const script = "for i = ARGV[1], ARGV[2] do redis.call('SET', 'filler:' .. i, ARGV[3]) end"
  for (let from = 0; from < keys; from += 50_000) {
    await redis.eval(script, 0, from, Math.min(keys, from + 50_000) - 1, 'x'.repeat(300))
  }
}
