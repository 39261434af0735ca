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

/**
 * The bot and another one answer each other: the conversation waits for an operator, and this update was not
 * answered.
 */
export class ReplyLoopError extends Error {
  static readonly code = 'WRK_REPLY_LOOP'
  readonly code = ReplyLoopError.code

  constructor() {
    super(
      'The bot has answered another bot too often in a row, with no person in between: let its handler ignore what has ctx.update.fromBot, then unpark the conversation; settings.loopLimit changes how often is too often',
    )
  }
}

/**
 * This worker does not have the code that a bot names: the update waits, as another worker may have it or get
 * it.
 */
export class HandlerMissingError extends Error {
  static readonly code = 'WRK_HANDLER_MISSING'
  readonly code = HandlerMissingError.code
  readonly bot: BotId
  readonly handler: string
  readonly afterMs: number

  constructor(bot: BotId, handler: string, afterMs: number) {
    super(`No handler "${handler}" for the bot ${bot} here: deploy its code, or change the bot's handler`)
    this.bot = bot
    this.handler = handler
    this.afterMs = afterMs
  }
}

/** Other worker processes run the bot: the update waits for one of them. */
export class OtherGroupError extends Error {
  static readonly code = 'WRK_OTHER_GROUP'
  readonly code = OtherGroupError.code
  readonly bot: BotId
  readonly group: string

  constructor(bot: BotId, group: string) {
    super(
      `The bot ${bot} is of the group "${group}", which this worker does not run: start one with it in WORKER_GROUPS`,
    )
    this.bot = bot
    this.group = group
  }
}

/** A handler answered one update with more than can be stored in one step. */
export class TooManyRepliesError extends Error {
  static readonly code = 'WRK_TOO_MANY_REPLIES'
  readonly code = TooManyRepliesError.code

  constructor(replies: number, bytes: number) {
    super(
      `One update was answered with ${replies} replies of ${bytes} bytes: 100 replies and 1 MiB are the most; ` +
        'send what is more with a broadcast, or as a file',
    )
  }
}
