import { median } from '../statistics.ts'
import { cacheSystemNames } from './benched-cache.ts'
import type { CacheMeasurement } from './measure-cache.ts'

const columns = [
  { head: 'found in memory ns', of: (run: CacheMeasurement) => run.memoryNs },
  { head: 'found in Redis µs', of: (run: CacheMeasurement) => run.redisMicros },
  { head: 'miss µs', of: (run: CacheMeasurement) => run.missMicros },
  { head: 'invalidation µs', of: (run: CacheMeasurement) => run.invalidateMicros },
] as const

/** A Markdown table of the medians of each cache's runs, with their range and the ratio to BentoCache's. */
export function renderCacheTable(runs: readonly CacheMeasurement[]): string {
  const valuesOf = (system: string, of: (run: CacheMeasurement) => number) =>
    runs.filter(run => run.system === system).map(of)
  const rows = cacheSystemNames.map(system => [
    system,
    ...columns.map(({ of }) => {
      const values = valuesOf(system, of)
      const ratio = median(values) / median(valuesOf('bentocache', of))
      return `${whole(median(values))} (${whole(Math.min(...values))}–${whole(Math.max(...values))}), ${ratio.toFixed(2)} ×`
    }),
  ])
  const head = ['cache', ...columns.map(column => column.head)]
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}

const whole = (value: number): string => Math.round(value).toLocaleString('en')
