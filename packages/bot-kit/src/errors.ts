/** A reply that cannot be: no text, longer than the platform takes, or the handler has ended. */
export class ReplyError extends Error {
  static readonly code = 'BOT_REPLY'
  readonly code = ReplyError.code
}

/** A result of `ctx.once` or `ctx.onceInDb` that cannot be remembered: it is not JSON. */
export class OnceError extends Error {
  static readonly code = 'BOT_ONCE'
  readonly code = OnceError.code
}

/** The update has no user (a channel's post, a system event), so there is nobody to remember something of. */
export class NoUserError extends Error {
  static readonly code = 'BOT_NO_USER'
  readonly code = NoUserError.code

  constructor(what: string) {
    super(
      `${what} is of a user, and this update has none: look at ctx.update.user first, or use ctx.state.conversation or ctx.session`,
    )
  }
}

/** What cannot be kept: it is not JSON, or the handler has ended. */
export class DataError extends Error {
  static readonly code = 'BOT_DATA'
  readonly code = DataError.code
}

/** Others changed a value each time that this handler wanted to; the update is tried again. */
export class DataConflictError extends Error {
  static readonly code = 'BOT_DATA_CONFLICT'
  readonly code = DataConflictError.code

  constructor(what: string) {
    super(`${what} was changed by others each time that this handler tried to`)
  }
}

/** A bot that `defineBot` cannot accept; the message says which part is wrong. */
export class BotDefinitionError extends Error {
  static readonly code = 'BOT_DEFINITION'
  readonly code = BotDefinitionError.code
}

/** A task threw, cannot be loaded, or its input or result cannot cross to a thread; `cause` says why. */
export class TaskFailedError extends Error {
  static readonly code = 'BOT_TASK_FAILED'
  readonly code = TaskFailedError.code
}

/**
 * A task took its thread down: it used up the memory, called `process.exit`, or threw where nobody could
 * catch it.
 */
export class TaskCrashedError extends Error {
  static readonly code = 'BOT_TASK_CRASHED'
  readonly code = TaskCrashedError.code
}

/** A task ran for longer than it may, or its module was not loaded in a minute; its thread was ended. */
export class TaskTimeoutError extends Error {
  static readonly code = 'BOT_TASK_TIMEOUT'
  readonly code = TaskTimeoutError.code
}

/**
 * Too many tasks wait for a thread. Not caught, it goes past `onError`: the update is tried again after
 * `afterMs`, and no try counts.
 */
export class TaskQueueFullError extends Error {
  static readonly code = 'BOT_TASK_QUEUE_FULL'
  readonly code = TaskQueueFullError.code
  readonly afterMs: number

  constructor(afterMs: number) {
    super(`Too many tasks wait for a thread: try again in ${afterMs} ms`)
    this.afterMs = afterMs
  }
}

/**
 * A download that came to nothing: `status` is the server's answer, and without one `cause` says what broke.
 */
export class DownloadError extends Error {
  static readonly code = 'BOT_DOWNLOAD'
  readonly code = DownloadError.code
  readonly status: number | undefined

  constructor(message: string, { status, ...options }: ErrorOptions & { status?: number } = {}) {
    super(message, options)
    this.status = status
  }
}

/** A download, or a line of one, that is longer than the bot allows. */
export class DownloadTooLargeError extends Error {
  static readonly code = 'BOT_DOWNLOAD_TOO_LARGE'
  readonly code = DownloadTooLargeError.code
  readonly maxBytes: number

  constructor(what: 'file' | 'line', maxBytes: number) {
    super(`The ${what} has more than ${maxBytes} bytes`)
    this.maxBytes = maxBytes
  }
}
