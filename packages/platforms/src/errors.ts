/**
 * A body that is not the platform's: malformed JSON, or a shape whose `path` (JSON pointer) says where it is
 * wrong.
 */
export class InvalidUpdateError extends Error {
  static readonly codes = { json: 'GTW_MALFORMED_JSON', shape: 'GTW_INVALID_UPDATE' } as const
  readonly code: (typeof InvalidUpdateError.codes)[keyof typeof InvalidUpdateError.codes]
  readonly path: string | undefined

  constructor(
    problem: keyof typeof InvalidUpdateError.codes,
    message: string,
    path?: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.code = InvalidUpdateError.codes[problem]
    this.path = path
  }
}
