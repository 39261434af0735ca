const everyMs = 10
/** As late as a message of a broadcast may be before it lets its slot pass. */
const tolerableMs = 20

/** Watches how well this process is served: `stop` answers the part of its timers that were more than 20 ms late. */
export function startLateness(): { stop(): number } {
  let expectedMs = performance.now() + everyMs
  let ticks = 0
  let late = 0
  const timer = setInterval(() => {
    const now = performance.now()
    ticks++
    if (now - expectedMs > tolerableMs) late++
    expectedMs = now + everyMs
  }, everyMs)
  return {
    stop() {
      clearInterval(timer)
      return Math.round((late / Math.max(ticks, 1)) * 1000) / 1000
    },
  }
}
