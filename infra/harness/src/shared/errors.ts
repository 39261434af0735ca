/** The command line makes no sense; the message says what would. */
export class UsageError extends Error {
  static readonly code = 'HRN_USAGE'
  readonly code = UsageError.code
}

/** The running system could not be found, reached or used; the message says what to do. */
export class UnreachableError extends Error {
  static readonly code = 'HRN_UNREACHABLE'
  readonly code = UnreachableError.code
}
