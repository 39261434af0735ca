/**
 * The value below which the share `q` (0 … 1) of ascending `sorted` lies, by the nearest rank; NaN of
 * nothing.
 */
export function quantile(sorted: readonly number[] | Float64Array, q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN
}

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length % 2 === 1) return sorted[middle]!
  return (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The median of how many times theirs ours are, pair by pair: of runs that are neighbours in time. */
export function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((value, i) => value / theirs[i]!))
}

/** Percentiles of times in ms; null when there were none. */
export interface Percentiles {
  readonly p50: number | null
  readonly p99: number | null
  readonly max: number | null
}

/** Exact percentiles of the times, by the nearest rank. */
export function percentiles(times: readonly number[]): Percentiles {
  if (times.length === 0) return { p50: null, p99: null, max: null }
  const sorted = Float64Array.from(times).sort()
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: quantile(sorted, 1) }
}

/** Percentiles as people read them. */
export function renderPercentiles({ p50, p99, max }: Percentiles): string {
  return `p50 ${renderMs(p50)}, p99 ${renderMs(p99)}, max ${renderMs(max)}`
}

/** A time as people read it: tenths only where they say something. */
export function renderMs(value: number | null): string {
  return value === null ? '-' : `${value.toFixed(value < 10 ? 1 : 0)} ms`
}

/** A count with its thousands apart. */
export function renderCount(value: number): string {
  return Math.round(value).toLocaleString('en')
}
