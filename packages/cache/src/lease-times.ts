/** How long leases last, and how long others wait for their end, in ms. */
export interface LeaseTimes {
  /** A process serves its memory for that long after it asked Redis for leave, by its own monotonic clock. */
  readonly leaseMs: number
  /** It asks that often. */
  readonly renewMs: number
  /** A writer waits that long, by its own monotonic clock, for a process that says nothing. */
  readonly waitMs: number
}

/** By the length of a lease: four renewals in one, and a tenth more for clocks that do not go alike. */
export function leaseTimes(leaseMs: number): LeaseTimes {
  return { leaseMs, renewMs: leaseMs / 4, waitMs: leaseMs * 1.1 + 50 }
}
