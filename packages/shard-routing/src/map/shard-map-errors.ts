/** The keys are being moved from this shard, or are elsewhere by now: nothing was written; a repeat finds them. */
export class RangeMovedError extends Error {
  static readonly code = 'SHD_RANGE_MOVED'
  readonly code = RangeMovedError.code
  readonly shard: string
  /** When a repeat makes sense, in ms. */
  readonly afterMs: number

  constructor(shard: string, afterMs: number, options?: ErrorOptions) {
    super(`The shard ${shard} does not take writes of these keys: they are being moved or live elsewhere`, options)
    this.shard = shard
    this.afterMs = afterMs
  }
}

/** Which shard a user lives on is not known now: this process has not heard of changes lately and cannot ask. */
export class ShardMapUnavailableError extends Error {
  static readonly code = 'SHD_MAP_UNAVAILABLE'
  readonly code = ShardMapUnavailableError.code
  /** When a repeat makes sense, in ms. */
  readonly afterMs: number

  constructor(afterMs: number, options?: ErrorOptions) {
    super('The shard map is not known to be current: check the control database and Redis', options)
    this.afterMs = afterMs
  }
}
