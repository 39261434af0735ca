import { hash, timingSafeEqual } from 'node:crypto'

/** Whether two signatures are the same, in constant time; another length is another signature. */
export function sameBytes(given: Uint8Array, expected: Uint8Array): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** Whether two shared secrets are the same: hashed first, so that not even their length leaks. */
export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', expected, 'buffer'))
}
