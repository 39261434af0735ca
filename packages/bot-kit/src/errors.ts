/** A reply that cannot be: no text, or the handler has ended. */
export class ReplyError extends Error {
  static readonly code = 'BOT_REPLY'
  readonly code = ReplyError.code
}

/** A result of `ctx.once` that cannot be remembered: it is not JSON. */
export class OnceError extends Error {
  static readonly code = 'BOT_ONCE'
  readonly code = OnceError.code
}

/** A bot that `defineBot` cannot accept; the message says which part is wrong. */
export class BotDefinitionError extends Error {
  static readonly code = 'BOT_DEFINITION'
  readonly code = BotDefinitionError.code
}
