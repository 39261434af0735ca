/** Why an outgoing address is refused: not a url, not http(s), a private address, or a name without an address. */
export type TargetRefusal = 'malformed' | 'scheme' | 'private' | 'unresolved'

const sentences: Record<TargetRefusal, string> = {
  malformed: 'is no url',
  scheme: 'is neither http nor https',
  private: 'is a private, local or reserved address: name its range in ALLOW_PRIVATE_TARGETS if bots may call it',
  unresolved: 'has no address',
}

/** An outgoing address that bots may not call; holds the host only, since a path may be a secret (`/bot<token>`). */
export class TargetRefusedError extends Error {
  static readonly code = 'OUT_TARGET_REFUSED'
  readonly code = TargetRefusedError.code
  readonly host: string
  readonly reason: TargetRefusal

  constructor(host: string, reason: TargetRefusal, options?: ErrorOptions) {
    super(`The target ${JSON.stringify(host)} ${sentences[reason]}`, options)
    this.name = 'TargetRefusedError'
    this.host = host
    this.reason = reason
  }
}
