import type { ConversationKey } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { HoldLostError, HoldUnconfirmedError } from '../errors.ts'
import { ownConnection, runConfirmed } from '../redis/confirmed-script.ts'
import { homesOf } from '../redis/partition-redis.ts'

/** What a process believes to hold of the outbox. */
export interface OutboxHold {
  readonly conversation: ConversationKey
  readonly partition: number
  readonly hold: string
}

/**
 * Has replicas confirm who sends a reply before it leaves. A primary that is lost then takes nothing with it
 * that somebody outside has seen: the next one knows of every reply that may have been sent, and of those
 * alone.
 */
export interface HoldGuard {
  /** Rejects with `HoldUnconfirmedError`, or with `HoldLostError` if the primary knows nothing of it. */
  confirm(hold: OutboxHold): Promise<void>
  close(): void
}

/** How holds are confirmed. `replicas` is `DURABLE_REPLICAS`. */
export interface HoldGuardOptions {
  readonly redis: Redis
  readonly process: string
  readonly partitions: number
  readonly replicas: number
  readonly timeoutMs?: number
  /** How long a hold is asked for again while a replica lags: nothing of anybody could leave meanwhile. */
  readonly patienceMs?: number
}

interface Ask extends OutboxHold {
  readonly since: number
  resolve(): void
  reject(error: Error): void
}

const maxAsks = 256

/**
 * One question at a time for each partition; what is asked meanwhile shares the next one. It has a connection
 * of its own, because WAIT blocks one. The primary that answers for the hold is the one whose replicas answer
 * for it, see `runConfirmed`.
 */
export function createHoldGuard(options: HoldGuardOptions): HoldGuard {
  const { process, partitions, replicas, timeoutMs = 1000, patienceMs = 5000 } = options
  if (replicas === 0) return { confirm: async () => undefined, close: () => undefined }

  const connections = homesOf(options.redis, partitions).map(home => ({
    redis: ownConnection(home.redis, 'confirm'),
    partitions: home.partitions,
  }))
  const redisOf = (partition: number) => connections.find(each => each.partitions.includes(partition))!.redis
  const lanes = Array.from({ length: partitions }, () => ({ asks: [] as Ask[], isRunning: false }))

  async function run(partition: number): Promise<void> {
    const lane = lanes[partition]!
    if (lane.isRunning) return
    lane.isRunning = true
    while (lane.asks.length > 0) lane.asks.unshift(...(await answer(partition, lane.asks.splice(0, maxAsks))))
    lane.isRunning = false
  }

  /** Answers those that are to be asked again. */
  async function answer(partition: number, asks: readonly Ask[]): Promise<Ask[]> {
    const again: Ask[] = []
    try {
      const holds = asks.flatMap(({ conversation, hold }) => [conversation, hold])
      const { answer: held, acknowledged } = await runConfirmed<(0 | 1)[]>('confirm', [process, ...holds], {
        ...{ redis: redisOf(partition), partition, replicas, timeoutMs },
      })
      for (const [i, ask] of asks.entries()) {
        if (held[i] === 0) ask.reject(new HoldLostError())
        else if (acknowledged >= replicas) ask.resolve()
        else if (performance.now() - ask.since < patienceMs) again.push(ask)
        else ask.reject(new HoldUnconfirmedError())
      }
    } catch (cause) {
      for (const { reject } of asks) reject(new HoldUnconfirmedError({ cause }))
    }
    return again
  }

  return {
    confirm: ({ conversation, partition, hold }) =>
      new Promise((resolve, reject) => {
        const since = performance.now()
        lanes[partition]!.asks.push({ conversation, partition, hold, since, resolve, reject })
        // Never rejects: what an answer throws rejects those who asked.
        void run(partition)
      }),
    close() {
      for (const { redis } of connections) redis.disconnect()
    },
  }
}
