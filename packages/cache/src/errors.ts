/**
 * Redis could not be told in time that a value has changed: other processes may serve the older one until it
 * can be, which is tried on, or until the value's own time is over. Do not tell anybody that the change is
 * done: repeat the invalidation.
 */
export class InvalidationPendingError extends Error {
  static readonly code = 'CCH_INVALIDATION_PENDING'
  readonly code = InvalidationPendingError.code
  /** When it makes sense to try again, in ms. */
  readonly afterMs: number

  constructor(afterMs: number) {
    super('The cache could not be told of the change: its Redis is away')
    this.afterMs = afterMs
  }
}

/** Redis, where the sessions are, could not be asked. */
export class SessionsUnavailableError extends Error {
  static readonly code = 'CCH_SESSIONS_UNAVAILABLE'
  readonly code = SessionsUnavailableError.code
  /** When it makes sense to try again, in ms. */
  readonly afterMs: number

  constructor(afterMs: number, options?: ErrorOptions) {
    super('The sessions cannot be asked: their Redis is away', options)
    this.afterMs = afterMs
  }
}

/** A value is not JSON: a function, a symbol, a bigint or a circle is in it. */
export class NotJsonError extends Error {
  static readonly code = 'CCH_NOT_JSON'
  readonly code = NotJsonError.code

  constructor(options?: ErrorOptions) {
    super('Only what JSON can hold can be kept', options)
  }
}
