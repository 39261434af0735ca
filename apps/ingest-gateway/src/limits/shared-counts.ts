import { busPrefix } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'

/** Counts by key over a fixed window of the clock, shared by all instances. */
export interface SharedCounts {
  /**
   * Counts one and answers the count of all instances, as far as known here, and the ms until the window
   * ends.
   */
  add(key: string): { current: number; ttl: number }
  /** Sends what was counted and not yet sent, and fetches the others' counts; never rejects. */
  flush(): Promise<void>
  close(): void
}

/** How to count. `name` makes a key unreadable before it goes to Redis. */
export interface SharedCountsOptions {
  readonly redis: Redis
  readonly name: (key: string) => string
  readonly windowMs: number
  readonly flushMs: number
}

interface Count {
  /** Counted here in this window. */
  own: number
  /** How much of `own` Redis has. */
  sent: number
  /** Counted by the others, as of the last flush. */
  others: number
}

/**
 * Bounds memory here and in Redis; keys beyond it are not counted (an attack from so many addresses is not
 * stopped by counting them).
 */
const maxKeys = 50_000
const maxKeysAFlush = 1_000

/**
 * Counts in memory and merges with Redis in the background, so that no call waits for Redis and none is
 * refused because it is away: then each instance counts for itself. The price is a bounded error: what the
 * other instances counted during the last `flushMs` and a round trip is not known yet, so n instances may let
 * through up to (n - 1) times that much beyond a limit.
 */
export function createSharedCounts({ redis, name, windowMs, flushMs }: SharedCountsOptions): SharedCounts {
  let window = 0
  let counts = new Map<string, Count>()
  let dirty = new Set<string>()
  let flushing: Promise<void> | undefined
  const timer = setInterval(() => void flush().catch(() => undefined), flushMs)

  return { add, flush, close: () => clearInterval(timer) }

  function add(key: string): { current: number; ttl: number } {
    const now = Date.now()
    enter(Math.floor(now / windowMs))
    const ttl = (window + 1) * windowMs - now
    let count = counts.get(key)
    if (!count) {
      if (counts.size >= maxKeys) return { current: 1, ttl }
      count = { own: 0, sent: 0, others: 0 }
      counts.set(key, count)
    }
    count.own++
    dirty.add(key)
    return { current: count.own + count.others, ttl }
  }

  /**
   * Windows are aligned to the clock, so that instances agree on them; what an old one had not sent no longer
   * matters.
   */
  function enter(current: number): void {
    if (current === window) return
    window = current
    counts = new Map()
    dirty = new Set()
  }

  function flush(): Promise<void> {
    if (flushing || dirty.size === 0) return flushing ?? Promise.resolve()
    flushing = exchange().finally(() => {
      flushing = undefined
    })
    return flushing
  }

  async function exchange(): Promise<void> {
    const redisKey = `${busPrefix}:limits:${window}`
    const batch = [...dirty].slice(0, maxKeysAFlush).map(key => ({ key, count: counts.get(key)! }))
    const pipeline = redis.pipeline()
    const sending = batch.map(({ key, count }) => {
      dirty.delete(key)
      pipeline.hincrby(redisKey, name(key), count.own - count.sent)
      return count.own
    })
    pipeline.pexpire(redisKey, 2 * windowMs)
    const answers = await pipeline.exec().catch(() => null)
    for (const [i, { key, count }] of batch.entries()) {
      const [error, total] = answers?.[i] ?? [new Error('Redis is away')]
      if (error) {
        // Sent again with the next flush. Should Redis have counted it all the same, the limit is a flush's
        // worth too strict.
        if (counts.get(key) === count) dirty.add(key)
        continue
      }
      count.sent = sending[i]!
      count.others = Math.max(0, Number(total) - count.sent)
    }
  }
}
