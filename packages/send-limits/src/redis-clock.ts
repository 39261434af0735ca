/** This process's view of Redis's clock, in ms. */
export interface RedisClock {
  /** Redis said that it was `redisMs`, just now. */
  heard(redisMs: number): void
  /** When a time of Redis comes by this process's clock. */
  localOf(redisMs: number): number
  /** What Redis's clock shows now. */
  nowMs(): number
}

/** The two clocks may drift apart that much, in ms for each ms. */
const drift = 0.001

/** Redis's clock was set: what was known of it before is worth nothing. */
const maxDelayMs = 1000

/**
 * Follows Redis's clock by the answers that were on their way for the shortest time, so that a process that
 * is slow to read one answer knows how late it is.
 */
export function createRedisClock(now: () => number): RedisClock {
  let offset = Number.POSITIVE_INFINITY
  let since = 0
  return {
    heard(redisMs) {
      const local = now()
      const seen = local - redisMs
      const known = offset + (local - since) * drift
      if (seen < known || seen > known + maxDelayMs) {
        offset = seen
        since = local
      }
    },
    localOf: redisMs => redisMs + offset,
    nowMs: () => now() - offset,
  }
}
