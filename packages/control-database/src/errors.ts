import type { BotId } from '@botyard/queue-contracts'
import { KeyringError } from '@botyard/service-kit'

/**
 * A bot is not in memory, and the control database cannot be asked or no key here opens its row. Whether the
 * bot exists is unknown, so answer 503, not 404.
 */
export class BotDirectoryUnavailableError extends Error {
  static readonly code = 'CTL_UNAVAILABLE'
  readonly code = BotDirectoryUnavailableError.code
  readonly bot: BotId

  constructor(bot: BotId, options?: ErrorOptions) {
    super(
      options?.cause instanceof KeyringError
        ? `The credentials of the bot "${bot}" cannot be opened here: ${options.cause.message}`
        : 'The control database cannot be reached: check CONTROL_DATABASE_URL and that Postgres is up',
      options,
    )
    this.bot = bot
  }
}

/** The control database is older than this build; `found` is 0 for one that was never migrated. */
export class ControlSchemaError extends Error {
  static readonly code = 'CTL_SCHEMA_TOO_OLD'
  readonly code = ControlSchemaError.code
  readonly found: number
  readonly needed: number

  constructor(found: number, needed: number) {
    super(
      `The control database has schema version ${found} and this build needs ${needed}: run the migrations (npm run migrate), then start again`,
    )
    this.found = found
    this.needed = needed
  }
}

/** The Postgres of the control database is older than this build can work with. */
export class ControlServerTooOldError extends Error {
  static readonly code = 'CTL_SERVER_TOO_OLD'
  readonly code = ControlServerTooOldError.code
  /** EX_CONFIG: another start would end the same way. */
  readonly exitCode = 78

  constructor(found: string, needed: number) {
    super(`The control database runs on Postgres ${found} and ${needed} is needed: upgrade the server`)
  }
}
