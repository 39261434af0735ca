import { monitorEventLoopDelay, type RecordableHistogram } from 'node:perf_hooks'
import { Gauge, type Registry } from 'prom-client'

const quantiles = [0.5, 0.99, 1]

/** The figures are those of timers that are due every so many ms. */
const timerMs = 10

/** How far back a figure reaches at least, in ms: two scrapers must not empty each other's window. */
const windowMs = 10_000

/** How long the turns of the event loop took, without their waiting. */
type Turns = Pick<RecordableHistogram, 'count' | 'mean' | 'percentile'>

/**
 * Adds `botyard_event_loop_delay_seconds{quantile}`: how late turns of the event loop let timers run over the
 * last seconds; 1 is the maximum. The turns are measured, not such timers: they would wake an idle process a
 * hundred times a second (measured: 0.4 % of a core, a quarter of all that an idle worker used).
 */
export function eventLoopDelay(registry: Registry): void {
  const turns = monitorEventLoopDelay({ samplePerIteration: true })
  turns.enable()
  let windowStartMs = performance.now()
  registry.registerMetric(
    new Gauge({
      name: 'botyard_event_loop_delay_seconds',
      aggregator: 'max',
      help: 'Delay of the event loop since the scrape before, at least 10 s; quantile 1 is the maximum.',
      labelNames: ['quantile'],
      registers: [],
      collect() {
        const ms = performance.now() - windowStartMs
        for (const quantile of quantiles) this.set({ quantile }, timerDelayMs(turns, ms, quantile) / 1e3)
        if (ms < windowMs) return
        windowStartMs = performance.now()
        turns.reset()
      },
    }),
  )
}

/**
 * How late a part of the timers was at the most that were due within `ms`, in ms. A turn delays one of them;
 * so a few long ones count for much beside thousands of short ones, as they do for who waits.
 */
export function timerDelayMs(turns: Turns, ms: number, quantile: number): number {
  if (turns.count === 0) return 0
  const busyMs = (turns.mean * turns.count) / 1e6
  const timers = Math.max(0, ms - busyMs) / timerMs + Math.min(turns.count, busyMs / timerMs)
  const later = (1 - quantile) * timers
  return later < turns.count ? turns.percentile(100 * (1 - later / turns.count)) / 1e6 : 0
}
