import { UnreadablePayloadError } from './unreadable-payload-error.ts'

/*
 * A frame is: 1 byte version, 4 bytes length of the head (big endian), the head as JSON in UTF-8, then the tail's raw
 * bytes. The tail is never parsed, so numbers beyond 2^53, key order and odd bytes of a platform's payload survive.
 */
const HEAD_OFFSET = 5

/** Packs a JSON head and a raw tail under a version. */
export function encodeFrame(version: number, head: object, tail: Uint8Array): Buffer {
  const json = JSON.stringify(head)
  const headBytes = Buffer.byteLength(json)
  const frame = Buffer.allocUnsafe(HEAD_OFFSET + headBytes + tail.length)
  frame.writeUInt8(version, 0)
  frame.writeUInt32BE(headBytes, 1)
  frame.write(json, HEAD_OFFSET, 'utf8')
  frame.set(tail, HEAD_OFFSET + headBytes)
  return frame
}

/** Unpacks a frame of this version or the one before; anything else is an `UnreadablePayloadError`. */
export function decodeFrame(
  what: string,
  newest: number,
  frame: Buffer,
  isHead: (head: unknown) => boolean,
): { version: number; head: unknown; tail: Buffer } {
  const version = frame.length >= HEAD_OFFSET ? frame.readUInt8(0) : undefined
  if (version !== newest && version !== newest - 1) throw new UnreadablePayloadError(what, version)
  const tailOffset = HEAD_OFFSET + frame.readUInt32BE(1)
  if (tailOffset > frame.length) throw new UnreadablePayloadError(what, version)
  let head: unknown
  try {
    head = JSON.parse(frame.toString('utf8', HEAD_OFFSET, tailOffset))
  } catch (cause) {
    throw new UnreadablePayloadError(what, version, { cause })
  }
  if (!isHead(head)) throw new UnreadablePayloadError(what, version)
  return { version, head, tail: frame.subarray(tailOffset) }
}
