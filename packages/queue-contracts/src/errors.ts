/**
 * A payload from the queue that this build cannot read: newer version, or not ours. It is handed back, never
 * dropped.
 */
export class UnreadablePayloadError extends Error {
  static readonly code = 'QUE_UNREADABLE_PAYLOAD'
  readonly code = UnreadablePayloadError.code
  readonly version: number | undefined

  constructor(what: string, version: number | undefined, options?: ErrorOptions) {
    super(
      `${what} of version ${version ?? 'unknown'} cannot be read by this build: deploy workers before gateways`,
      options,
    )
    this.version = version
  }
}
