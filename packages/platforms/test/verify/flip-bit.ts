/**
 * The same bytes with one bit changed, the lowest of the byte at a place; the last byte if not told which.
 */
export function flipBit(bytes: Uint8Array, at = bytes.length - 1): Buffer {
  const flipped = Buffer.from(bytes)
  flipped[at]! ^= 1
  return flipped
}
