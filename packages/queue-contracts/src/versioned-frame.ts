import { UnreadablePayloadError } from './errors.ts'

/*
 * A frame is: 1 byte version, 4 bytes length of the head (big endian), the head as JSON in UTF-8, then the
 * tail's raw bytes. The tail is never parsed, so numbers beyond 2^53, key order and odd bytes of a platform's
 * payload survive.
 */
const headOffset = 5

/** Packs a JSON head and a raw tail under a version. */
export function encodeFrame(version: number, head: object, tail: Uint8Array): Buffer {
  const json = JSON.stringify(head)
  const headBytes = Buffer.byteLength(json)
  const frame = Buffer.allocUnsafe(headOffset + headBytes + tail.length)
  frame.writeUInt8(version, 0)
  frame.writeUInt32BE(headBytes, 1)
  frame.write(json, headOffset, 'utf8')
  frame.set(tail, headOffset + headBytes)
  return frame
}

/** Unpacks a frame of this version or the one before; anything else is an `UnreadablePayloadError`. */
export function decodeFrame(
  what: string,
  newest: number,
  frame: Buffer,
  isHead: (head: unknown) => boolean,
): { version: number; head: unknown; tail: Buffer } {
  const version = frame.length >= headOffset ? frame.readUInt8(0) : undefined
  if (version !== newest && version !== newest - 1) throw new UnreadablePayloadError(what, version)
  const tailOffset = headOffset + frame.readUInt32BE(1)
  if (tailOffset > frame.length) throw new UnreadablePayloadError(what, version)
  let head: unknown
  try {
    head = JSON.parse(frame.toString('utf8', headOffset, tailOffset))
  } catch (cause) {
    throw new UnreadablePayloadError(what, version, { cause })
  }
  if (!isHead(head)) throw new UnreadablePayloadError(what, version)
  return { version, head, tail: frame.subarray(tailOffset) }
}
