import type { Redis } from 'ioredis'
import { deadLettersKey, shardBase } from './keys.ts'

/** How the mover is set. `store` must be idempotent: a letter may be given to it again after a crash. */
export interface DeadLetterMoverOptions {
  readonly redis: Redis
  readonly shards: number
  readonly process: string
  readonly store: (letters: Buffer[]) => Promise<void>
  readonly intervalMs?: number
  readonly onTrouble?: (error: unknown) => void
}

const pageSize = 100

/**
 * Moves dead letters from the shards' lists to where operators look: first stored, then removed, each by its very bytes, so
 * that two movers at once (a lock that ran out) never remove what they have not stored.
 */
export function startDeadLetterMover(options: DeadLetterMoverOptions): { close(): Promise<void> } {
  const { redis, shards, process, store, intervalMs = 1000, onTrouble } = options
  let running: Promise<void> | undefined

  async function moveAll(): Promise<void> {
    for (let shard = 0; shard < shards; shard++) {
      const key = deadLettersKey(shard)
      if ((await redis.llen(key)) === 0) continue
      if (!(await redis.set(`${shardBase(shard)}:mover`, process, 'PX', 10_000, 'NX'))) continue
      try {
        for (let letters = await page(key); letters.length > 0; letters = await page(key)) {
          await store(letters)
          await Promise.all(letters.map(letter => redis.lrem(key, 1, letter)))
          // What came meanwhile waits for the next time: a broadcast's results would else come one by one, each a commit.
          if (letters.length < pageSize) break
        }
      } finally {
        await redis.del(`${shardBase(shard)}:mover`)
      }
    }
  }

  const page = (key: string) => redis.lrangeBuffer(key, 0, pageSize - 1)
  const timer = setInterval(() => {
    running ??= moveAll()
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
