import type { PromUnit } from './units.ts'

/** A dashboard, as people write it; `grafana-json.ts` makes Grafana's JSON of it. */
export interface Board {
  /** Its file, and its address in Grafana. */
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly variables?: readonly Variable[]
  readonly rows: readonly Row[]
}

/** A choice at the top of the board, filled from the labels of metrics. */
export interface Variable {
  readonly name: string
  readonly label: string
  /** As Grafana's Prometheus variables take it: `label_values(…)`. */
  readonly query: string
  /** "All" is a choice; expressions must use `=~`. */
  readonly all?: boolean
}

/** Panels under one heading. */
export interface Row {
  readonly title: string
  readonly panels: readonly Panel[]
}

/** A line chart, or one number. */
export interface Panel {
  readonly kind: 'lines' | 'number'
  readonly title: string
  /** What is seen when all is well, or what a rise means. */
  readonly says: string
  readonly unit: PromUnit
  readonly queries: readonly Query[]
  /** From here on it is red; a bound of an alert. */
  readonly badFrom?: number
  /** Up to here it is red. */
  readonly badUpTo?: number
  /** It has nothing to show until something goes wrong, or is set up that not everybody has. */
  readonly quiet?: boolean
}

/** A PromQL expression, and the name of its series in the legend. */
export interface Query {
  readonly expr: string
  readonly legend: string
}

/** Several quantiles of a histogram over all processes. */
export function quantiles(histogram: string, matchers = ''): Query[] {
  return [0.5, 0.95, 0.99].map(q => ({
    expr: `histogram_quantile(${q}, sum by (le) (rate(${histogram}_bucket${matchers}[$__rate_interval])))`,
    legend: `p${q * 100}`,
  }))
}

/** Events a second of a counter over all processes, by a label. */
export function perSecond(counter: string, by: string, matchers = ''): Query {
  return { expr: `sum by (${by}) (rate(${counter}${matchers}[$__rate_interval]))`, legend: legendOf(by) }
}

/** The highest of a gauge that is the same in every process, by labels. */
export function highest(gauge: string, by: string, matchers = ''): Query {
  return { expr: `max by (${by}) (${gauge}${matchers})`, legend: legendOf(by) }
}

function legendOf(by: string): string {
  return by
    .split(', ')
    .map(label => `{{${label}}}`)
    .join(' ')
}
