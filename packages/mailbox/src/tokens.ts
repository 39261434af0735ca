import { type BoxName, boxNames, partitionTag, type TokenJob, tokenJobVersion } from '@botyard/queue-contracts'
import { type JobsOptions, Queue } from 'bullmq'
import type { Redis } from 'ioredis'

/** A token has no result, is never retried by hand and leaves nothing behind. */
const jobOptions: JobsOptions = {
  removeOnComplete: true,
  removeOnFail: true,
  stackTraceLimit: 1,
  attempts: 1_000_000,
  backoff: { type: 'fixed', delay: 1000 },
}

const data: TokenJob = { v: tokenJobVersion }

/** The BullMQ queues of all partitions and boxes. A token is a job that says: this box of this partition has work. */
export interface Tokens {
  /** Rejects when Redis did not take it. `afterMs`: workers see it then. */
  add(partition: number, box: BoxName, afterMs?: number): Promise<void>
  /** Tokens that wait for a worker. */
  waiting(partition: number, box: BoxName): Promise<number>
  close(): Promise<void>
}

/** Opens the queues on a client that the caller closes. */
export function createTokens({ redis, partitions }: { redis: Redis; partitions: number }): Tokens {
  const queues = Array.from({ length: partitions }, (_, partition) =>
    Object.fromEntries(boxNames.map(box => [box, openQueue(redis, partition, box)])),
  ) as Record<BoxName, Queue<TokenJob>>[]

  return {
    async add(partition, box, afterMs = 0) {
      const options = afterMs > 0 ? { ...jobOptions, delay: Math.ceil(afterMs) } : jobOptions
      await queues[partition]![box].add('token', data, options)
    },
    waiting: (partition, box) => queues[partition]![box].getWaitingCount(),
    async close() {
      await Promise.all(queues.flatMap(boxes => boxNames.map(box => boxes[box].close())))
    },
  }
}

function openQueue(redis: Redis, partition: number, box: BoxName): Queue<TokenJob> {
  const queue = new Queue<TokenJob>(box, {
    connection: redis,
    prefix: partitionTag(partition),
    // Without these an add hangs while Redis is away at boot, and a failed INFO breaks the queue for good.
    skipWaitingForReady: true,
    skipVersionCheck: true,
    skipMetasUpdate: true,
    streams: { events: { maxLen: 100 } },
  })
  // The client's own listener reports an outage once; the queue repeats every error.
  queue.on('error', () => undefined)
  return queue
}
