import { type BoxName, partitionOf } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { MailboxFullError } from '../errors.ts'
import { startMemoryGuard } from '../redis/memory-guard.ts'
import { partitionRedis } from '../redis/partition-redis.ts'
import { createTokens } from '../wake/tokens.ts'
import type { Delivery, DeliveryOutcome } from './delivery.ts'
import { DeliveryLane } from './delivery-lane.ts'
import { openStore } from './store.ts'

/** The gateway's end of the mailbox. */
export interface MailboxWriter {
  /**
   * Resolves when the update is stored and its conversation woken; rejects with `MailboxUnavailableError`.
   */
  deliver(delivery: Delivery): Promise<DeliveryOutcome>
  /** Waits for what is under way. The client stays open: it is the caller's. */
  close(): Promise<void>
}

/** How to open a writer. `redis` should fail fast when Redis is away; `replicas` is `DURABLE_REPLICAS`. */
export interface MailboxWriterOptions {
  readonly redis: Redis
  readonly partitions: number
  /** Where to: the inbox unless set; broadcasts go straight to the outbox. */
  readonly box?: BoxName
  /** After everything else of its bot that is ready. */
  readonly bulk?: boolean
  readonly replicas?: number
  readonly replicaTimeoutMs?: number
  /** How long an update may wait for the updates before it, in ms; for ever unless set. */
  readonly maxWaitMs?: number
}

/**
 * Opens the gateway's end: the updates of one event-loop turn, and of the batch before still under way, go as
 * one script.
 */
export function createMailboxWriter(options: MailboxWriterOptions): MailboxWriter {
  const { partitions, box = 'inbox', bulk = false, replicas = 0, replicaTimeoutMs = 1000 } = options
  const { redis, maxWaitMs = Infinity } = options
  const tokens = createTokens({ redis, partitions })
  const memory = startMemoryGuard(redis, partitions)
  const lanes = Array.from(
    { length: partitions },
    (_, partition) =>
      new DeliveryLane({
        ...{ partition, box, bulk, tokens, maxWaitMs },
        store: openStore(partitionRedis(redis, partition), partition, replicas, replicaTimeoutMs),
      }),
  )

  return {
    deliver: delivery => {
      const partition = partitionOf(delivery.conversation, partitions)
      if (memory.isFull(partition)) return Promise.reject(new MailboxFullError())
      return lanes[partition]!.deliver(delivery)
    },
    async close() {
      memory.close()
      await Promise.all(lanes.map(lane => lane.idle()))
      for (const lane of lanes) lane.close()
      await tokens.close()
    },
  }
}
