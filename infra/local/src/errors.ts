/**
 * What keeps the local stack from running, told to its user: what is wrong, then what to do. Printed without
 * a stack.
 */
export class StartupError extends Error {
  static readonly code = 'LOC_STARTUP'
  readonly code = StartupError.code

  constructor(problem: string, advice: string, options?: ErrorOptions) {
    super(`${problem}\n${advice}`, options)
  }
}
