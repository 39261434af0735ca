import type { BotId } from '@botyard/queue-contracts'

/** A bot is not in memory and the control database cannot be asked: whether it exists is unknown, so answer 503, not 404. */
export class BotDirectoryUnavailableError extends Error {
  static readonly code = 'CTL_UNAVAILABLE'
  readonly code = BotDirectoryUnavailableError.code
  readonly bot: BotId

  constructor(bot: BotId, options?: ErrorOptions) {
    super('The control database cannot be reached: check CONTROL_DATABASE_URL and that Postgres is up', options)
    this.bot = bot
  }
}
