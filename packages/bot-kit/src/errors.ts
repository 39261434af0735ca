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
