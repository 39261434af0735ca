import { defineScenario } from '../../shared/scenario.ts'
import { median, renderCount } from '../../shared/statistics.ts'
import type { Table } from '../../shared/table.ts'
import { cacheSystemNames } from './benched-cache.ts'
import { type CacheMeasurement, measureCaches } from './measure-cache.ts'
import { options } from './options.ts'

/** `npm run bench -- cache` */
export const cache = defineScenario({
  summary: 'compares the cache with BentoCache, in turn: two parts of each, on one Redis.',
  clean: 'every value was found where it should be.',
  options,
  async run(values, { say }) {
    const runs = await measureCaches(values, say)
    return { table: tableOf(runs), problems: [], facts: { runs } }
  },
})

const columns = [
  { head: 'found in memory ns', of: (run: CacheMeasurement) => run.memoryNs },
  { head: 'found in Redis µs', of: (run: CacheMeasurement) => run.redisMicros },
  { head: 'miss µs', of: (run: CacheMeasurement) => run.missMicros },
  { head: 'invalidation µs', of: (run: CacheMeasurement) => run.invalidateMicros },
] as const

/** The medians of each cache's runs, with their range and the ratio to BentoCache's. */
function tableOf(runs: readonly CacheMeasurement[]): Table {
  const valuesOf = (system: string, of: (run: CacheMeasurement) => number) =>
    runs.filter(run => run.system === system).map(of)
  const rows = cacheSystemNames.map(system => [
    system,
    ...columns.map(({ of }) => {
      const values = valuesOf(system, of)
      const ratio = median(values) / median(valuesOf('bentocache', of))
      const range = `${renderCount(Math.min(...values))}–${renderCount(Math.max(...values))}`
      return `${renderCount(median(values))} (${range}), ${ratio.toFixed(2)} ×`
    }),
  ])
  return { head: ['cache', ...columns.map(column => column.head)], rows }
}
