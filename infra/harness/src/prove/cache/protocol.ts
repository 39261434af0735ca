/** Times are ms of the machine's monotonic clock, the same one in all its processes. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

/** A version that reads of one process returned; of several reads, the one that began last. */
export interface Seen {
  readonly key: number
  readonly version: number
  readonly beganAt: number
}

/** A write that was acknowledged: the source had the version, and `invalidate` resolved. */
export interface Written {
  readonly key: number
  readonly version: number
  readonly acknowledgedAt: number
}

/** What a process has done so far: an event each, and how often. */
export type Counts = Record<string, number>

/** What a process tells the conductor several times a second. */
export interface TruthMessage {
  readonly pid: number
  readonly seen: readonly Seen[]
  readonly written: readonly Written[]
  /** Since the process started. */
  readonly counts: Counts
}

/** The name of a key in cache and source. */
export function keyName(key: number): string {
  return `key-${key}`
}

/** Some keys share a tag. */
export function tagsOf(key: number): string[] {
  return key % 3 === 0 ? [] : [`group-${key % 3}`, `pair-${key >> 1}`]
}
