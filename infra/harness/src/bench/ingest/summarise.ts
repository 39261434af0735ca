import { median, medianRatio, renderCount } from '../../shared/statistics.ts'
import type { Table } from '../../shared/table.ts'
import { systemNames } from '../systems/benched-system.ts'
import { type Measurement, reportedProcesses } from './measure.ts'

/** The medians of all runs of one system under one fsync policy and one traffic shape. */
export interface Summary {
  readonly system: Measurement['system']
  readonly fsync: Measurement['fsync']
  readonly shape: Measurement['shape']
  readonly runs: number
  readonly perSecond: number
  readonly perSecondRange: readonly [number, number]
  /**
   * How many times the recipe's throughput: the median over the rounds, whose two runs are neighbours in
   * time.
   */
  readonly ratio: number | undefined
  readonly cpuMicros: Measurement['cpuMicros']
  readonly ackP50Ms: number
  readonly ackP99Ms: number
  readonly refused: number
}

/** Sums up the runs, the systems of one setting next to each other. */
export function summarise(runs: readonly Measurement[]): Summary[] {
  const settings = Map.groupBy(runs, run => `${run.fsync} ${run.shape}`)
  return [...settings.values()].flatMap(group =>
    systemNames.flatMap(system => {
      const own = group.filter(run => run.system === system)
      const recipe = system === 'recipe' ? [] : group.filter(run => run.system === 'recipe')
      return own.length === 0 ? [] : [summariseOne(own, recipe)]
    }),
  )
}

function summariseOne(runs: readonly Measurement[], recipe: readonly Measurement[]): Summary {
  const { system, fsync, shape } = runs[0]!
  const medianOf = (value: (run: Measurement) => number) => median(runs.map(value))
  const rates = runs.map(run => run.perSecond)
  const cpu = reportedProcesses.map(name => [name, medianOf(run => run.cpuMicros[name])])
  return {
    system,
    fsync,
    shape,
    runs: runs.length,
    perSecond: median(rates),
    perSecondRange: [Math.min(...rates), Math.max(...rates)],
    ratio:
      recipe.length === 0
        ? undefined
        : medianRatio(
            rates,
            recipe.map(run => run.perSecond),
          ),
    cpuMicros: Object.fromEntries(cpu) as Summary['cpuMicros'],
    ackP50Ms: medianOf(run => run.ackP50Ms),
    ackP99Ms: medianOf(run => run.ackP99Ms),
    refused: runs.flatMap(run => Object.values(run.refused)).reduce((sum, count) => sum + count, 0),
  }
}

/**
 * Runs whose figures do not compare: a refused call costs less than an accepted one, an update handled twice
 * more than one.
 */
export function problemsOf(runs: readonly Measurement[]): string[] {
  return runs.flatMap(run => {
    const name = `${run.fsync} ${run.shape} round ${run.round} ${run.system}`
    const refused = Object.entries(run.refused).map(
      ([status, n]) => `${name}: ${n} calls were answered ${status}`,
    )
    const surplus =
      run.surplus === 0 ? [] : [`${name}: ${run.surplus} updates were handled beyond those accepted`]
    return [...refused, ...surplus]
  })
}

/** A table of the summaries, with Botyard's ratio to the recipe where both ran. */
export function summaryTable(summaries: readonly Summary[]): Table {
  const rows = summaries.map(one => {
    const { gateway, worker, redis, generator } = one.cpuMicros
    return [
      one.fsync,
      one.shape,
      one.system,
      `${renderCount(one.perSecond)} (${one.perSecondRange.map(renderCount).join('–')})`,
      one.ratio === undefined ? '' : `${one.ratio.toFixed(2)} ×`,
      `${[gateway, worker, redis].map(renderCount).join(' + ')} = ${renderCount(gateway + worker + redis)}`,
      renderCount(generator),
      `${one.ackP50Ms.toFixed(1)} / ${one.ackP99Ms.toFixed(1)}`,
      renderCount(one.refused),
    ]
  })
  const head = [
    ...[
      'fsync',
      'shape',
      'system',
      'accepted and handled /s',
      'ratio',
      'CPU µs an update: gateway + worker + Redis',
    ],
    ...['generator', 'ACK p50 / p99 ms', 'refused'],
  ]
  return { head, rows }
}
