/** Redis could not be asked whether a message may leave: it waits, and no try counts. */
export class SendLimitsUnavailableError extends Error {
  static readonly code = 'OUT_LIMITS_UNAVAILABLE'
  readonly code = SendLimitsUnavailableError.code

  constructor(options?: ErrorOptions) {
    super('Redis is away: nothing is sent, as nobody knows what the limits of the platform permit', options)
  }
}
