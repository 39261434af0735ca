import { configurationExitCode } from './exit-codes.ts'

/**
 * The environment does not fit the schema; `problems` has one line a variable: its name, what is wrong, what
 * to set.
 */
export class ConfigError extends Error {
  static readonly code = 'CFG_INVALID'
  readonly code = ConfigError.code
  readonly exitCode = configurationExitCode
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The configuration is invalid:\n${problems.map(problem => `  ${problem}`).join('\n')}`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}

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

/**
 * Why an outgoing address is refused: not a url, not http(s), a private address, or a name without an
 * address.
 */
export type TargetRefusal = 'malformed' | 'scheme' | 'private' | 'unresolved'

const sentences: Record<TargetRefusal, string> = {
  malformed: 'is no url',
  scheme: 'is neither http nor https',
  private:
    'is a private, local or reserved address: name its range in ALLOW_PRIVATE_TARGETS if bots may call it',
  unresolved: 'has no address',
}

/**
 * An outgoing address that bots may not call; holds the host only, since a path may be a secret
 * (`/bot<token>`).
 */
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
