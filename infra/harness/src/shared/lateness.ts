import { quantile } from './statistics.ts'

const everyMs = 10
/** A message of a broadcast may be as late as this before it lets its slot pass. */
const tolerableMs = 20

/**
 * How late the timers of this process were. It does little: if they were late, the machine was too busy to
 * judge by.
 */
export interface Lateness {
  /** The 99th percentile, whole ms; above some tens, times of this run mean little. */
  readonly p99Ms: number
  /**
   * The part of the timers (0 … 1) that were more than 20 ms late; above a hundredth, rates of this run mean
   * little.
   */
  readonly lateShare: number
}

/** Watches how well this process is served; `stop` answers how late it was. */
export function startLateness(): { stop(): Lateness } {
  const lateMs: number[] = []
  let expectedMs = performance.now() + everyMs
  const timer = setInterval(() => {
    const now = performance.now()
    lateMs.push(Math.max(0, now - expectedMs))
    expectedMs = now + everyMs
  }, everyMs)
  return {
    stop() {
      clearInterval(timer)
      const late = lateMs.filter(ms => ms > tolerableMs).length
      const sorted = lateMs.toSorted((a, b) => a - b)
      return {
        p99Ms: Math.round(quantile(sorted, 0.99) || 0),
        lateShare: Math.round((late / Math.max(lateMs.length, 1)) * 1000) / 1000,
      }
    },
  }
}
