/** A command line that makes no sense; the message says what would. */
export class CliUsageError extends Error {
  static readonly code = 'CLI_USAGE'
  readonly code = CliUsageError.code
}

/**
 * Neither options nor environment nor a running local stack say which admin API to talk to, or with which
 * token.
 */
export class CliNoConnectionError extends Error {
  static readonly code = 'CLI_NO_CONNECTION'
  readonly code = CliNoConnectionError.code
}

/** The admin API gave no answer. */
export class CliUnreachableError extends Error {
  static readonly code = 'CLI_UNREACHABLE'
  readonly code = CliUnreachableError.code
}

/** The admin API refused; `code` is its own, or `CLI_BAD_ANSWER` when what answered is no admin API. */
export class ApiError extends Error {
  static readonly badAnswer = 'CLI_BAD_ANSWER'
  readonly code: string
  readonly status: number
  /** JSON pointer to what is wrong in the request. */
  readonly path: string | undefined

  constructor(
    status: number,
    { code, message, path }: { code: string; message: string; path?: string | undefined },
  ) {
    super(message)
    this.status = status
    this.code = code
    this.path = path
  }
}
