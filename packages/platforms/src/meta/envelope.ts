import { Type } from 'typebox'
import { boundBatch } from '../json/batch-bounds.ts'
import { compileShape } from '../json/compile-shape.ts'
import { elementParts, type MemberPart, memberParts, wholeOf } from '../json/json-part.ts'
import { parseJson } from '../json/parse-json.ts'

const checkEnvelope = compileShape(Type.Object({ entry: Type.Array(Type.Object({})) }))

/** One entry of Meta's `{object, entry: []}`: what became of one page or account, its members by name. */
export interface Entry {
  readonly value: unknown
  readonly members: readonly MemberPart[]
}

/** The entries of a body; throws `InvalidUpdateError` if it is not an envelope of Meta's. */
export function entriesOf(body: Uint8Array): Entry[] {
  const envelope = checkEnvelope(parseJson(body))
  boundBatch().events(envelope.entry.length)
  const whole = memberParts(body, wholeOf(body, envelope)).find(({ name }) => name === 'entry')
  const entries = whole === undefined ? [] : elementParts(body, whole)
  return entries.map(entry => ({ value: entry.value, members: memberParts(body, entry) }))
}
