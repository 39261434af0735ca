import { AggregatorRegistry, type Registry } from 'prom-client'
import type { MetricJson } from './protocol.ts'

/**
 * Metrics of several processes as one page: counters and histograms are summed, gauges as their `aggregator`
 * says (the sum, unless all of them tell the same of the whole system).
 */
export interface MetricsSum {
  page(live: readonly (readonly MetricJson[])[]): Promise<string>
  /**
   * Keeps what a process that ended has counted: a sum that falls by it would look to Prometheus like a
   * counter that began anew, and its rate like all that was ever counted.
   */
  keep(ended: readonly MetricJson[]): void
}

/** Begins with nothing kept. */
export function createMetricsSum(): MetricsSum {
  let kept: readonly MetricJson[] = []
  return {
    page: live => sum([...live, kept]).metrics(),
    keep(ended) {
      const both = sum([kept, ended.filter(isCounted)])
      kept = both.getMetricsAsArray().map(({ name }) => both.getSingleMetric(name) as unknown as MetricJson)
    },
  }
}

function sum(metrics: readonly (readonly MetricJson[])[]): Registry {
  return AggregatorRegistry.aggregate(metrics as never)
}

/** Some of the process's own counters are read from the system, by gauges whose names say what they are. */
function isCounted({ name, type }: MetricJson): boolean {
  return type === 'counter' || type === 'histogram' || name.endsWith('_total')
}
