/** How late the timers of this process, which does little, are at worst: above some tens of ms the machine was too busy to judge by. */
export interface Lateness {
  /** The 99th percentile since the last call, in ms. */
  takeP99(): number
  stop(): void
}

const EVERY_MS = 20

export function startLateness(): Lateness {
  let late: number[] = []
  let expectedMs = performance.now() + EVERY_MS
  const timer = setInterval(() => {
    const now = performance.now()
    late.push(Math.max(0, now - expectedMs))
    expectedMs = now + EVERY_MS
  }, EVERY_MS)
  return {
    takeP99() {
      const sorted = late.toSorted((a, b) => a - b)
      late = []
      return Math.round(sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0)
    },
    stop: () => clearInterval(timer),
  }
}
