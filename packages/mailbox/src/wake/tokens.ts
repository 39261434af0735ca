import {
  type BoxName,
  boxNames,
  noGroup,
  partitionTag,
  type TokenJob,
  tokenJobVersion,
} from '@botyard/queue-contracts'
import { type JobsOptions, Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { ofGroup } from '../redis/keys.ts'
import { partitionRedis } from '../redis/partition-redis.ts'

/** A token has no result, is never retried by hand and leaves nothing behind. */
const jobOptions: JobsOptions = {
  removeOnComplete: true,
  removeOnFail: true,
  stackTraceLimit: 1,
  attempts: 1_000_000,
  backoff: { type: 'fixed', delay: 1000 },
}

const data: TokenJob = { v: tokenJobVersion }

/**
 * The BullMQ queues of all partitions, boxes and groups of bots. A token is a job that says: this group has
 * work in this box of this partition.
 */
export interface Tokens {
  /** Rejects when Redis did not take it. `afterMs`: workers see it then. */
  add(partition: number, box: BoxName, group?: string, afterMs?: number): Promise<void>
  /** Adds one for each of the groups that a script named. */
  addFor(partition: number, box: BoxName, groups: readonly string[]): Promise<void>
  /** Tokens that wait for a worker. */
  waiting(partition: number, box: BoxName, group?: string): Promise<number>
  close(): Promise<void>
}

/** Opens the queues, those of groups when they are first used, on a client that the caller closes. */
export function createTokens({ redis, partitions }: { redis: Redis; partitions: number }): Tokens {
  const queues = Array.from({ length: partitions }, () => new Map<string, Queue<TokenJob>>())

  function queueOf(partition: number, box: BoxName, group: string): Queue<TokenJob> {
    const name = tokenQueue(box, group)
    let queue = queues[partition]!.get(name)
    if (queue === undefined) {
      queue = openQueue(partitionRedis(redis, partition), partition, name)
      queues[partition]!.set(name, queue)
    }
    return queue
  }

  // Those that everybody uses are open before the first update comes.
  for (const partition of queues.keys()) for (const box of boxNames) queueOf(partition, box, noGroup)

  const add: Tokens['add'] = async (partition, box, group = noGroup, afterMs = 0) => {
    const options = afterMs > 0 ? { ...jobOptions, delay: Math.ceil(afterMs) } : jobOptions
    await queueOf(partition, box, group).add('token', data, options)
  }

  return {
    add,
    async addFor(partition, box, groups) {
      await Promise.all(groups.map(group => add(partition, box, group)))
    },
    waiting: (partition, box, group = noGroup) => queueOf(partition, box, group).getWaitingCount(),
    async close() {
      await Promise.all(queues.flatMap(names => [...names.values()].map(queue => queue.close())))
    },
  }
}

/** The BullMQ queue of a group's tokens. */
export function tokenQueue(box: BoxName, group: string): string {
  return ofGroup(box, group)
}

function openQueue(redis: Redis, partition: number, name: string): Queue<TokenJob> {
  const queue = new Queue<TokenJob>(name, {
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
