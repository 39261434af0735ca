import type { BotId } from '@botyard/queue-contracts'

/** The bot of an update was deleted: its mail goes to the dead letters. */
export class BotGoneError extends Error {
  static readonly code = 'WRK_BOT_GONE'
  readonly code = BotGoneError.code
  readonly bot: BotId

  constructor(bot: BotId) {
    super(`The bot ${bot} does not exist any more`)
    this.bot = bot
  }
}

/** This worker does not have the code that a bot names: another may, else the conversation parks after ten minutes. */
export class HandlerMissingError extends Error {
  static readonly code = 'WRK_HANDLER_MISSING'
  readonly code = HandlerMissingError.code
  readonly bot: BotId
  readonly handler: string

  constructor(bot: BotId, handler: string) {
    super(`No handler "${handler}" for the bot ${bot} here: deploy its code, or change the bot's handler`)
    this.bot = bot
    this.handler = handler
  }
}
