import { malformed, parseElements, parseJson } from './parse-json.ts'

/** How much is kept of a list, and how much of the rest is parsed at once. */
const defaultPieceBytes = 64 * 1024

const quote = 0x22
const comma = 0x2c
const backslash = 0x5c

/**
 * As `parseJson`, of a body whose long lists nobody reads to their end: those that are its own members keep
 * what stands in their first 64 KiB. The rest is parsed too, or what is no JSON would pass, but in pieces
 * that are forgotten at once. As a whole 24 MB become 300 of objects, and moving them about is as much work
 * for the garbage collector as parsing them.
 */
export function parseLongJson(body: Buffer, pieceBytes = defaultPieceBytes): unknown {
  if (body.length <= pieceBytes) return parseJson(body)
  const kept: Buffer[] = []
  let keptTo = 0
  let depth = 0
  /** Where the piece begins that is being read; no list: -1. */
  let pieceStart = -1
  let isLong = false

  for (let at = 0; at < body.length; at++) {
    const byte = body[at]!
    if (byte === quote) at = stringEnd(body, at)
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth === 2 && byte === 0x5b) pieceStart = at + 1
    } else if (byte === 0x5d || byte === 0x7d) {
      if (depth-- === 2) endList(at)
    } else if (byte === comma && depth === 2 && pieceStart >= 0 && at - pieceStart >= pieceBytes) {
      endPiece(at)
      guessPieces()
      at = pieceStart - 1
    }
  }
  return parseJson(keptTo === 0 ? body : Buffer.concat([...kept, body.subarray(keptTo)]))

  function endPiece(end: number): void {
    if (parseElements(body.subarray(pieceStart, end)).length === 0) throw malformed()
    if (!isLong) kept.push(body.subarray(keptTo, end))
    isLong = true
    pieceStart = end + 1
  }

  /** Ends pieces where objects seem to end, in half the time. What parses can be read in this one way. */
  function guessPieces(): void {
    while (true) {
      const from = pieceStart + pieceBytes
      const found = body.subarray(from, from + pieceBytes).indexOf('},{')
      if (found < 0) return
      try {
        endPiece(from + found + 1)
      } catch {
        return
      }
    }
  }

  function endList(end: number): void {
    if (isLong) {
      endPiece(end)
      keptTo = end
    }
    pieceStart = -1
    isLong = false
  }
}

/** Where a string's last quote stands. */
function stringEnd(json: Uint8Array, from: number): number {
  let at = from + 1
  while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1
  return at
}
