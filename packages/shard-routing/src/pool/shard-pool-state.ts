import type { BreakerState } from './circuit-breaker.ts'

/** The state of a pool, for metrics, ops routes and the admin API. */
export interface ShardPoolState {
  /** The primary as `name:port`; `undefined` while there is none. */
  readonly host: string | undefined
  readonly timeline: number | undefined
  readonly breaker: BreakerState
  readonly inUse: number
  readonly idle: number
  readonly waiting: number
}
