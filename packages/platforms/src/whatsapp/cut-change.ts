import { bytesOf, type JsonPart, type MemberPart } from '../json-part.ts'

/** A change of a body and the parts of its value, found once for all of its events. */
export interface Change extends JsonPart {
  readonly content: JsonPart
  readonly members: readonly MemberPart[]
  /** The names of the members that list events. */
  readonly lists: ReadonlySet<string>
  readonly contacts: readonly JsonPart[]
}

/** One event of a change, its list's name, and its user's contact. */
export interface ChangeEvent {
  readonly list: string
  readonly part: JsonPart
  readonly contact: JsonPart | undefined
}

const text = (characters: string) => Buffer.from(characters)

/**
 * The change with one event alone: what stands beside it (metadata, product) stays, other events are cut out, and of several
 * contacts those of other users. Whatever stays has its own bytes.
 */
export function cutChange(json: Uint8Array, change: Change, { list, part, contact }: ChangeEvent): Uint8Array {
  const { start, end, content, members, lists, contacts } = change
  const kept = members.flatMap(member => {
    const { name, nameStart } = member
    const only = (one: JsonPart | undefined) => [
      bytesOf(json, { start: nameStart, end: member.start }),
      text('['),
      ...(one === undefined ? [] : [bytesOf(json, one)]),
      text(']'),
    ]
    if (name === list) return [only(part)]
    if (lists.has(name)) return []
    if (name === 'contacts' && contacts.length > 1) return [only(contact)]
    return [[bytesOf(json, { start: nameStart, end: member.end })]]
  })
  return Buffer.concat([
    bytesOf(json, { start, end: content.start }),
    text('{'),
    ...kept.flatMap((pieces, index) => (index === 0 ? pieces : [text(','), ...pieces])),
    text('}'),
    bytesOf(json, { start: content.end, end }),
  ])
}
