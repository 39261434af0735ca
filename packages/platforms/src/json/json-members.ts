/** A member of a JSON object, or an element of an array, and where its value's text lies in the bytes. */
export interface JsonMember {
  /** The name, unescaped; of an element its index, as text. */
  readonly name: string
  readonly start: number
  readonly end: number
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const space = 0x20

/**
 * The members of the object or array whose text begins at `from`, in order, with the bytes of their values
 * untouched: how an event of a batch keeps its numbers, key order and escapes. The bytes must be JSON that
 * `JSON.parse` took; nothing is recursive, so no nesting is too deep. A value that is neither object nor
 * array has no members.
 */
export function membersOf(json: Uint8Array, from = 0): JsonMember[] {
  const members: JsonMember[] = []
  let at = skipSpace(json, from)
  const isObject = json[at] === 0x7b
  if (!isObject && json[at] !== 0x5b) return members
  at = skipSpace(json, at + 1)
  while (at < json.length && json[at] !== 0x7d && json[at] !== 0x5d) {
    let name = String(members.length)
    if (isObject) {
      const nameEnd = valueEnd(json, at)
      name = JSON.parse(Buffer.from(json.buffer, json.byteOffset + at, nameEnd - at).toString()) as string
      at = skipSpace(json, nameEnd)
      if (json[at] === colon) at = skipSpace(json, at + 1)
    }
    const end = valueEnd(json, at)
    members.push({ name, start: at, end })
    at = skipSpace(json, end)
    if (json[at] === comma) at = skipSpace(json, at + 1)
  }
  return members
}

function skipSpace(json: Uint8Array, from: number): number {
  let at = from
  // A byte order mark may stand in front of a body.
  if (at === 0 && json[0] === 0xef) at = 3
  while (at < json.length && json[at]! <= space) at++
  return at
}

/** Where the value that begins at `from` ends. */
function valueEnd(json: Uint8Array, from: number): number {
  let depth = 0
  let at = from
  while (at < json.length) {
    const byte = json[at]!
    if (byte === quote) {
      at = stringEnd(json, at)
      if (depth === 0) return at
      continue
    }
    if (byte === 0x7b || byte === 0x5b) depth++
    else if (byte === 0x7d || byte === 0x5d) {
      if (depth === 0) return at
      if (--depth === 0) return at + 1
    } else if (depth === 0 && (byte === comma || byte === colon || byte <= space)) return at
    at++
  }
  return at
}

function stringEnd(json: Uint8Array, from: number): number {
  let at = from + 1
  while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1
  return at + 1
}
