/** Why an envelope could not be opened, or a key not be used. */
export type KeyringErrorCode = 'KEY_UNKNOWN' | 'KEY_TAMPERED' | 'KEY_MALFORMED' | 'KEY_REUSED'

/** An envelope that this keyring refuses; never holds key or plaintext. */
export class KeyringError extends Error {
  static readonly codes = ['KEY_UNKNOWN', 'KEY_TAMPERED', 'KEY_MALFORMED', 'KEY_REUSED'] as const
  readonly code: KeyringErrorCode

  constructor(code: KeyringErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'KeyringError'
    this.code = code
  }
}
