import {
  type BoxName,
  boxNames,
  type ConversationKey,
  type DrainJob,
  drainJobVersion,
  shardTag,
} from '@botyard/queue-contracts'
import { type JobsOptions, Queue } from 'bullmq'
import type { Redis } from 'ioredis'

/**
 * Conversations a drain job names at the most: as many as a batch of the gateway. A job costs each of the three processes what it
 * costs, whatever it names (0001-drain-jobs-name-many-conversations).
 */
const conversationsPerJob = 256

/** A drain job is only a wake-up: it has no result, is never retried by hand and leaves nothing behind. */
const jobOptions: JobsOptions = {
  removeOnComplete: true,
  removeOnFail: true,
  stackTraceLimit: 1,
  attempts: 1_000_000,
  backoff: { type: 'fixed', delay: 1000 },
}

/** The BullMQ queues of all shards and boxes: adding wake-ups. */
export interface DrainQueues {
  /** Names conversations with fresh mail to the workers; rejects when Redis did not take it. */
  wake(shard: number, box: BoxName, conversations: readonly ConversationKey[]): Promise<void>
  /** The same for one conversation, when `ms` have passed. */
  wakeLater(shard: number, box: BoxName, conversation: ConversationKey, ms: number): Promise<void>
  /** Puts conversations back to the front of the queue under their job's time stamp (the sweeper's rule relies on that). */
  handBack(shard: number, box: BoxName, conversations: readonly ConversationKey[], timestamp: number): Promise<void>
  /** Puts a job that this build cannot read back, as it is. */
  handBackUnread(shard: number, box: BoxName, data: unknown, timestamp: number, ms: number): Promise<void>
  /** When the oldest job that still waits was added (Unix ms); undefined if none waits. */
  oldestWaitingAt(shard: number, box: BoxName): Promise<number | undefined>
  /** Jobs that wait for a worker. */
  waitingJobs(shard: number, box: BoxName): Promise<number>
  close(): Promise<void>
}

/** Opens the queues on a client that the caller closes. */
export function createDrainQueues({ redis, shards }: { redis: Redis; shards: number }): DrainQueues {
  const queues = Array.from({ length: shards }, (_, shard) =>
    Object.fromEntries(boxNames.map(box => [box, openQueue(redis, shard, box)])),
  ) as Record<BoxName, Queue<DrainJob>>[]
  const queueOf = (shard: number, box: BoxName) => queues[shard]![box]

  return {
    async wake(shard, box, conversations) {
      if (conversations.length === 0) return
      const jobs = chunks(conversations).map(c => ({
        name: 'drain',
        data: { v: drainJobVersion, c },
        opts: jobOptions,
      }))
      // A job by itself goes without the pipeline of addBulk, which copies all of BullMQ's commands first.
      if (jobs.length === 1) await queueOf(shard, box).add(jobs[0]!.name, jobs[0]!.data, jobs[0]!.opts)
      else await queueOf(shard, box).addBulk(jobs)
    },
    async wakeLater(shard, box, conversation, ms) {
      const data = { v: drainJobVersion, c: [conversation] }
      await queueOf(shard, box).add('drain', data, { ...jobOptions, delay: Math.max(1, Math.ceil(ms)) })
    },
    async handBack(shard, box, conversations, timestamp) {
      const data = { v: drainJobVersion, c: [...conversations] }
      await queueOf(shard, box).add('drain', data, { ...jobOptions, lifo: true, timestamp })
    },
    async handBackUnread(shard, box, data, timestamp, ms) {
      await queueOf(shard, box).add('drain', data as DrainJob, { ...jobOptions, timestamp, delay: ms })
    },
    async oldestWaitingAt(shard, box) {
      const [job] = await queueOf(shard, box).getWaiting(0, 0)
      return job?.timestamp
    },
    waitingJobs: (shard, box) => queueOf(shard, box).getWaitingCount(),
    async close() {
      await Promise.all(queues.flatMap(boxes => boxNames.map(box => boxes[box].close())))
    },
  }
}

function openQueue(redis: Redis, shard: number, box: BoxName): Queue<DrainJob> {
  const queue = new Queue<DrainJob>(box, {
    connection: redis,
    prefix: shardTag(shard),
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

function chunks(conversations: readonly ConversationKey[]): ConversationKey[][] {
  const parts: ConversationKey[][] = []
  for (let i = 0; i < conversations.length; i += conversationsPerJob) {
    parts.push(conversations.slice(i, i + conversationsPerJob))
  }
  return parts
}
