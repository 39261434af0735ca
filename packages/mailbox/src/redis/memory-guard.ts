import type { Redis } from 'ioredis'
import { type Home, homesOf } from './partition-redis.ts'

/** Whether the Redis of a partition is so full that only what drains it may go on. */
export interface MemoryGuard {
  isFull(partition: number): boolean
  close(): void
}

/** Of `maxmemory`: what drains a full Redis needs room to write itself. */
const watermark = 0.85
const lookEveryMs = 1000

/**
 * Looks at Redis's memory every second. Without `maxmemory`, or without the right to ask, nothing is full:
 * Redis itself refuses then.
 */
export function startMemoryGuard(client: Redis, partitions: number): MemoryGuard {
  const full = new Set<number>()
  const looking = new Set<Home>()

  async function look({ redis, partitions }: Home): Promise<void> {
    const info = await redis.info('memory')
    const field = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0)
    const limit = field('maxmemory')
    const isFull = limit > 0 && field('used_memory') > limit * watermark
    for (const partition of partitions) {
      if (isFull) full.add(partition)
      else full.delete(partition)
    }
  }

  const homes = homesOf(client, partitions)
  const timer = setInterval(() => {
    for (const home of homes) {
      if (looking.has(home)) continue
      looking.add(home)
      look(home)
        // Redis is away: what is delivered meanwhile says so.
        .catch(() => undefined)
        .finally(() => looking.delete(home))
    }
  }, lookEveryMs)
  timer.unref()

  return {
    isFull: partition => full.has(partition),
    close: () => clearInterval(timer),
  }
}
