/** Why a shard could not serve. */
export type UnavailableReason =
  /** None of its hosts is a primary of the newest timeline. */
  | 'no-primary'
  /** It failed again and again, and is left alone for a moment. */
  | 'breaker-open'
  /** All connections were taken for longer than the acquire time-out, or none could be made. */
  | 'acquire-timeout'
  /** The connection broke, or the server stopped answering, under a query. */
  | 'connection-lost'
  /** The server says that it is a standby by now. */
  | 'read-only'
  /** The commit is done on the primary, which was told not to wait for its standby any more. */
  | 'not-replicated'

/** A shard is away or too busy; its users' conversations wait, everybody else's go on. Never the fault of the query. */
export class ShardUnavailableError extends Error {
  static readonly code = 'SHD_UNAVAILABLE'
  readonly code = ShardUnavailableError.code
  readonly shard: string
  readonly reason: UnavailableReason
  /** When to try again, in ms. */
  readonly afterMs: number
  /** `unknown`: what was under way may have been done after all. `none`: nothing was written. */
  readonly effect: 'none' | 'unknown'

  constructor(
    shard: string,
    facts: { reason: UnavailableReason; afterMs: number; effect?: 'none' | 'unknown' },
    options?: ErrorOptions,
  ) {
    super(
      `Shard ${shard} cannot be used now (${facts.reason}): look at its Postgres, see docs/runbooks/failover.md`,
      options,
    )
    this.shard = shard
    this.reason = facts.reason
    this.afterMs = facts.afterMs
    this.effect = facts.effect ?? 'none'
  }
}
