import { coreOwner } from './migrations/migration.ts'

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

/**
 * A shard is away or too busy: the conversations of its users wait, all others go on. Never the fault of the
 * query.
 */
export class ShardUnavailableError extends Error {
  static readonly code = 'SHD_UNAVAILABLE'
  readonly code = ShardUnavailableError.code
  readonly shard: string
  readonly reason: UnavailableReason
  /** When to try again, in ms. */
  readonly afterMs: number
  /** `unknown`: the work may have been done after all. `none`: nothing was written. */
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

/**
 * The keys are being moved from this shard, or are elsewhere by now: nothing was written; a repeat finds
 * them.
 */
export class RangeMovedError extends Error {
  static readonly code = 'SHD_RANGE_MOVED'
  readonly code = RangeMovedError.code
  readonly shard: string
  /** When a repeat makes sense, in ms. */
  readonly afterMs: number

  constructor(shard: string, afterMs: number, options?: ErrorOptions) {
    super(
      `The shard ${shard} does not take writes of these keys: they are being moved or live elsewhere`,
      options,
    )
    this.shard = shard
    this.afterMs = afterMs
  }
}

/** The shard of a user is not known now: this process has not heard of changes lately and cannot ask. */
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

/** Ranges that do not cover the key space exactly once. */
export class ShardMapError extends Error {
  static readonly code = 'SHD_MAP_INVALID'
  readonly code = ShardMapError.code
}

/** A shard is older than the build or a bot; `found` is 0 where nothing was ever migrated. */
export class ShardSchemaError extends Error {
  static readonly code = 'SHD_SCHEMA_TOO_OLD'
  readonly code = ShardSchemaError.code
  readonly shard: string
  /** `botyard`, or `bot:<handler>`. */
  readonly owner: string
  readonly found: number
  readonly needed: number

  constructor(shard: string, facts: { owner: string; found: number; needed: number }) {
    const command = facts.owner === coreOwner ? 'npm run migrate' : 'npm run migrate-bots'
    super(
      `The shard ${shard} has version ${facts.found} of the schema of ${facts.owner}, and this build needs ${facts.needed}: run the migrations (${command}), then start again`,
    )
    this.shard = shard
    this.owner = facts.owner
    this.found = facts.found
    this.needed = facts.needed
  }
}

/** The hosts of a shard lead to the database of another one. */
export class WrongShardError extends Error {
  static readonly code = 'SHD_WRONG_DATABASE'
  readonly code = WrongShardError.code
  readonly shard: string
  readonly found: string

  constructor(shard: string, found: string) {
    super(
      `The hosts of the shard ${shard} lead to the database of ${found}: correct SHARDS, then migrate again`,
    )
    this.shard = shard
    this.found = found
  }
}

/** A range of the shard is being moved: its tables must stay alike on both sides until it has ended. */
export class ShardMovingError extends Error {
  static readonly code = 'SHD_MOVE_RUNNING'
  readonly code = ShardMovingError.code
  readonly shard: string

  constructor(shard: string) {
    super(`A move of keys from or to the shard ${shard} is running: migrate when it has ended, or cancel it`)
    this.shard = shard
  }
}

/** A table of a bot that could not be moved between shards, or whose writes could not be fenced. */
export class UserTableError extends Error {
  static readonly code = 'SHD_TABLE_REFUSED'
  readonly code = UserTableError.code
  readonly table: string

  constructor(table: string, problem: string) {
    super(`The table ${table} ${problem}`)
    this.table = table
  }
}

/** The Postgres of a shard is older than this build can work with. */
export class ShardServerTooOldError extends Error {
  static readonly code = 'SHD_SERVER_TOO_OLD'
  readonly code = ShardServerTooOldError.code
  readonly shard: string

  constructor(shard: string, found: string, needed: number) {
    super(`Shard ${shard} runs on Postgres ${found} and ${needed} is needed: upgrade the server`)
    this.shard = shard
  }
}
