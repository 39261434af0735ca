import { membersOf } from './json-members.ts'
import { valueAt } from './value-at.ts'

/** A value of a body, parsed, and where its text lies in the bytes. */
export interface JsonPart {
  readonly value: unknown
  readonly start: number
  readonly end: number
}

/** The whole body. */
export function wholeOf(json: Uint8Array, value: unknown): JsonPart {
  return { value, start: 0, end: json.length }
}

/** A member of an object, and where the text of its name begins. */
export interface MemberPart extends JsonPart {
  readonly name: string
  readonly nameStart: number
}

/**
 * The members of an object; of those that share a name the last, which is the one that `JSON.parse` keeps.
 */
export function memberParts(json: Uint8Array, { value, start: objectStart }: JsonPart): MemberPart[] {
  const last = new Map<string, MemberPart>()
  let previousEnd = objectStart
  for (const { name, start, end } of membersOf(json, objectStart)) {
    // Nothing but a brace, a comma and white space stands before a name.
    const nameStart = json.indexOf(0x22, previousEnd)
    last.set(name, { name, nameStart, start, end, value: valueAt(value, name) })
    previousEnd = end
  }
  return [...last.values()]
}

/** The elements of an array; of anything else none. */
export function elementParts(json: Uint8Array, { value, start }: JsonPart): JsonPart[] {
  if (!Array.isArray(value)) return []
  return membersOf(json, start).map(({ start, end }, index) => ({ start, end, value: value[index] }))
}

/** The bytes of a part, untouched. */
export function bytesOf(json: Uint8Array, { start, end }: Pick<JsonPart, 'start' | 'end'>): Uint8Array {
  return json.subarray(start, end)
}
