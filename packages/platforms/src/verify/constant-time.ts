import { hash, timingSafeEqual } from 'node:crypto'

/** Whether two signatures are the same, in constant time; another length is another signature. */
export function sameBytes(given: Uint8Array, expected: Uint8Array): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/**
 * Secrets are shorter (Telegram's have at most 256 characters); longer ones are compared too, more slowly.
 */
const roomBytes = 768

/** Where two secrets are compared, with zeros behind them. */
const left = Buffer.alloc(roomBytes)
const right = Buffer.alloc(roomBytes)

/**
 * Whether two shared secrets are the same. They are first brought to one length, by zeros, so that theirs
 * does not leak; it is looked at only once the rest is known to agree, to tell zeros that were given from
 * those that were added. Hashing does the same for any length, and takes ten times as long.
 */
export function sameSecret(given: string, expected: string): boolean {
  // A UTF-16 unit is at most 3 bytes of UTF-8.
  if (Math.max(given.length, expected.length) * 3 > roomBytes)
    return timingSafeEqual(digest(given), digest(expected))
  pad(left, given)
  pad(right, expected)
  return timingSafeEqual(left, right) && given.length === expected.length
}

function pad(room: Buffer, text: string): void {
  room.fill(0, room.write(text))
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
