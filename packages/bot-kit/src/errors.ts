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

/** A task threw, cannot be loaded, or its input or result cannot cross to a thread; `cause` says why. */
export class TaskFailedError extends Error {
  static readonly code = 'BOT_TASK_FAILED'
  readonly code = TaskFailedError.code
}

/** A task took its thread down: it used up the memory, called `process.exit`, or threw where nobody could catch it. */
export class TaskCrashedError extends Error {
  static readonly code = 'BOT_TASK_CRASHED'
  readonly code = TaskCrashedError.code
}

/** A task ran for longer than it may; its thread was ended. */
export class TaskTimeoutError extends Error {
  static readonly code = 'BOT_TASK_TIMEOUT'
  readonly code = TaskTimeoutError.code
}

/**
 * Too many tasks wait for a thread. Not caught, it goes past `onError`: the update is tried again after `afterMs`, and no
 * try counts.
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

/** A download that came to nothing: `status` is the server's answer, and without one `cause` says what broke. */
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
