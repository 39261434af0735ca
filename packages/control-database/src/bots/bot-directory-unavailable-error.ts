import type { BotId } from '@botyard/queue-contracts'
import { KeyringError } from '@botyard/service-kit'

/**
 * A bot is not in memory, and the control database cannot be asked or no key here opens what it says: whether and how it exists is
 * unknown, so answer 503, not 404.
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
