import type { Redis } from 'ioredis'

/** Whether Redis is so full that only what drains it may go on. */
export interface MemoryGuard {
  readonly isFull: boolean
  close(): void
}

/** Of `maxmemory`: what drains a full Redis needs room to write itself. */
const watermark = 0.85
const lookEveryMs = 1000

/**
 * Looks at Redis's memory every second. Without `maxmemory`, or without the right to ask, nothing is full:
 * Redis itself refuses then.
 */
export function startMemoryGuard(redis: Redis): MemoryGuard {
  let isFull = false
  let isLooking = false

  async function look(): Promise<void> {
    const info = await redis.info('memory')
    const field = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0)
    const limit = field('maxmemory')
    isFull = limit > 0 && field('used_memory') > limit * watermark
  }

  const timer = setInterval(() => {
    if (isLooking) return
    isLooking = true
    look()
      // Redis is away: what is delivered meanwhile says so.
      .catch(() => undefined)
      .finally(() => {
        isLooking = false
      })
  }, lookEveryMs)
  timer.unref()

  return {
    get isFull() {
      return isFull
    },
    close: () => clearInterval(timer),
  }
}
