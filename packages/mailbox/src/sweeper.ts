import { type BoxName, boxNames, type ConversationKey } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import type { DrainQueues } from './drain-queues.ts'
import { boxBase, shardBase } from './keys.ts'

/** How the sweeper is set. */
export interface SweeperOptions {
  readonly redis: Redis
  readonly queues: DrainQueues
  readonly shards: number
  readonly process: string
  /** How long a conversation may be dirty before its wake-up counts as lost; must exceed the clocks' skew. */
  readonly graceMs?: number
  readonly intervalMs?: number
  readonly onSwept?: (box: BoxName, conversations: number) => void
}

const pageSize = 500

/**
 * Wakes conversations whose wake-up was lost, in the gaps between deliver and wake, or release and add, and those whose
 * holder died. All workers run it; a short lock lets one of them sweep a box at a time. One crash leaves a conversation
 * stuck for at most max(heartbeat's life, grace) + interval.
 */
export function startSweeper(options: SweeperOptions): { close(): Promise<void> } {
  const { redis, queues, shards, process, graceMs = 4000, intervalMs = 1000, onSwept } = options
  let running: Promise<void> = Promise.resolve()
  let busy = false

  async function sweepAll(): Promise<void> {
    for (let shard = 0; shard < shards; shard++) {
      for (const box of boxNames) {
        const lock = `${shardBase(shard)}:sweeper:${box}`
        if (await redis.set(lock, process, 'PX', Math.ceil(intervalMs * 0.9), 'NX')) await sweep(shard, box)
      }
    }
  }

  async function sweep(shard: number, box: BoxName): Promise<void> {
    const cutoff = (await queues.oldestWaitingAt(shard, box)) ?? 0
    for (const set of ['dirty', 'delayed'] as const) {
      for (let offset = 0, more = 1; more === 1; offset += pageSize) {
        const answer = await redis.mailboxSweep(
          boxBase(shard, box),
          shardBase(shard),
          set,
          cutoff,
          graceMs,
          offset,
          pageSize,
        )
        more = answer[0]
        const lost = answer.slice(1) as ConversationKey[]
        await queues.wake(shard, box, lost)
        if (lost.length > 0) onSwept?.(box, lost.length)
      }
    }
  }

  const timer = setInterval(() => {
    if (busy) return
    busy = true
    running = sweepAll()
      // Redis is away or answered badly: the next interval tries again, and the client has logged the outage.
      .catch(() => undefined)
      .finally(() => {
        busy = false
      })
  }, intervalMs)

  return {
    async close() {
      clearInterval(timer)
      await running
    },
  }
}
