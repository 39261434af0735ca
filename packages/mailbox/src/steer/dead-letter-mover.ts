import { partitionTag } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { eachPartition } from '../redis/each-partition.ts'
import { deadLettersKey, quarantineKey } from '../redis/keys.ts'
import { partitionRedis } from '../redis/partition-redis.ts'

/** How the mover is set. */
export interface DeadLetterMoverOptions {
  readonly redis: Redis
  readonly partitions: number
  readonly process: string
  /**
   * Stores records; must be idempotent, as one may be given to it again after a crash. Answers those that it
   * cannot read.
   */
  readonly store: (records: Buffer[]) => Promise<readonly Buffer[]>
  readonly intervalMs?: number
  readonly onTrouble?: (error: unknown) => void
}

const pageSize = 100

/**
 * Moves dead letters from the partitions' lists to where operators look: first stored, then removed, each by
 * its very bytes, so that two movers at once (a lock that ran out) never remove what they have not stored.
 * What cannot be read goes to the quarantine, so that the rest goes on.
 */
export function startDeadLetterMover(options: DeadLetterMoverOptions): { close(): Promise<void> } {
  const { partitions, process, store, intervalMs = 1000, onTrouble } = options
  let running: Promise<void> | undefined

  async function move(partition: number): Promise<void> {
    const redis = partitionRedis(options.redis, partition)
    const page = (key: string) => redis.lrangeBuffer(key, 0, pageSize - 1)
    const key = deadLettersKey(partition)
    if ((await redis.llen(key)) === 0) return
    const tag = partitionTag(partition)
    if ((await redis.mailboxLock(tag, 'mover', process, 10_000)) === 0) return
    try {
      for (let records = await page(key); records.length > 0; records = await page(key)) {
        const unreadable = await store(records)
        if (unreadable.length > 0) {
          await redis.rpush(quarantineKey(partition), ...unreadable)
          onTrouble?.(
            new Error(`${unreadable.length} records cannot be read by this build and are in quarantine`),
          )
        }
        await Promise.all(records.map(record => redis.lrem(key, 1, record)))
        // What came meanwhile waits for the next time: a broadcast's results would come one by one otherwise,
        // each a commit.
        if (records.length < pageSize) break
      }
    } finally {
      await redis.del(`${tag}:mover`)
    }
  }

  const moveAll = () => eachPartition(partitions, move)
  // Never throws: what a move meets is told as trouble.
  const timer = setInterval(() => {
    running ??= moveAll()
      .then(() => undefined)
      .catch(error => onTrouble?.(error))
      .finally(() => {
        running = undefined
      })
  }, intervalMs)

  return {
    async close() {
      clearInterval(timer)
      await running
    },
  }
}
