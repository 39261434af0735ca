import { hash } from 'node:crypto'
import type { Platform } from '@botyard/queue-contracts'

/** A user as a platform names them, within the bot (or the group of bots) that shares its users. */
export interface UserName {
  readonly platform: Platform
  /**
   * The bot's id, unless an operator lets bots share users: the same id is not the same person everywhere.
   */
  readonly scope: string
  /** The platform's own id. */
  readonly user: string
}

/**
 * Where a user lives: 0 … 2^63-1, the first 63 bits of SHA-256 over the length-prefixed parts. It never
 * changes, or every user would be looked for on the wrong shard. Two users may share a key, so rows hold the
 * full name beside it.
 */
export function userKey({ platform, scope, user }: UserName): bigint {
  const parts = [platform, scope, user].map(part => Buffer.from(part))
  const bytes = Buffer.allocUnsafe(parts.reduce((sum, part) => sum + 4 + part.length, 0))
  let offset = 0
  for (const part of parts) {
    offset = bytes.writeUInt32BE(part.length, offset)
    offset += part.copy(bytes, offset)
  }
  return hash('sha256', bytes, 'buffer').readBigUInt64BE() >> 1n
}
