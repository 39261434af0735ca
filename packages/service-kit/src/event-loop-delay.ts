import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Gauge, type Registry } from 'prom-client'

const quantiles = [0.5, 0.99, 1]

/** Sampling interval in ms; the histogram counts the interval itself, so it is taken off again. */
const resolutionMs = 10

/** How far back a figure reaches at least, in ms: two scrapers must not empty each other's window. */
const windowMs = 10_000

/**
 * Adds `botyard_event_loop_delay_seconds{quantile}`: how late timers ran over the last seconds; 1 is the
 * maximum.
 */
export function eventLoopDelay(registry: Registry): void {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  let windowStartMs = performance.now()
  registry.registerMetric(
    new Gauge({
      name: 'botyard_event_loop_delay_seconds',
      aggregator: 'max',
      help: 'Delay of the event loop since the scrape before, at least 10 s; quantile 1 is the maximum.',
      labelNames: ['quantile'],
      registers: [],
      collect() {
        for (const quantile of quantiles) {
          const seconds = delay.percentile(quantile * 100) / 1e9 - resolutionMs / 1e3
          this.set({ quantile }, Math.max(0, seconds))
        }
        if (performance.now() - windowStartMs < windowMs) return
        windowStartMs = performance.now()
        delay.reset()
      },
    }),
  )
}
