import { type BoxName, partitionOf } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import type { Delivery, DeliveryOutcome } from './delivery.ts'
import { DeliveryLane } from './delivery-lane.ts'
import { MailboxFullError } from './errors.ts'
import { startMemoryGuard } from './memory-guard.ts'
import { createReplicaGuard } from './replicas.ts'
import { withMailboxScripts } from './scripts.ts'
import { createTokens } from './tokens.ts'

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
}

/**
 * Opens the gateway's end: the updates of one event-loop turn, and of the batch before still under way, go as
 * one script.
 */
export function createMailboxWriter(options: MailboxWriterOptions): MailboxWriter {
  const { partitions, box = 'inbox', bulk = false, replicas = 0, replicaTimeoutMs = 1000 } = options
  const redis = withMailboxScripts(options.redis)
  const tokens = createTokens({ redis, partitions })
  const guard = createReplicaGuard({ redis, replicas, timeoutMs: replicaTimeoutMs })
  const memory = startMemoryGuard(redis)
  const lanes = Array.from(
    { length: partitions },
    (_, partition) => new DeliveryLane({ redis, partition, box, bulk, tokens, guard }),
  )

  return {
    deliver: delivery => {
      if (memory.isFull) return Promise.reject(new MailboxFullError())
      return lanes[partitionOf(delivery.conversation, partitions)]!.deliver(delivery)
    },
    async close() {
      memory.close()
      await Promise.all(lanes.map(lane => lane.idle()))
      guard.close()
      await tokens.close()
    },
  }
}
