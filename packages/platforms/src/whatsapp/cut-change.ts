import { bytesOf, elementParts, type JsonPart, type MemberPart, memberParts } from '../json/json-part.ts'

/** One step of the way from a change's value to an event. */
export interface Step {
  /** The member that leads on, and which of its elements; no index if the member is an object itself. */
  readonly member: string
  readonly index?: number
  /** The members of the same object that list events, or parts of them: they are others'. */
  readonly lists: ReadonlySet<string>
}

/** The way to an event, and which contact is its user's. */
export interface Way {
  readonly steps: readonly Step[]
  readonly contact: number | undefined
}

const text = (characters: string) => Buffer.from(characters)

/**
 * Cuts single events out of a change: what stands beside one (metadata, product) stays, other events are left
 * out, and of several contacts those of other users. Whatever stays has its own bytes. Places are looked for
 * once for all events.
 */
export function changeCutter(json: Uint8Array, change: JsonPart): (way: Way) => Uint8Array {
  const members = remembered(part => memberParts(json, part))
  const elements = remembered(part => elementParts(json, part))
  const content = members(change).find(({ name }) => name === 'value')!

  const cutMember = (member: MemberPart, { index }: Step, rest: Way): Uint8Array[] => {
    const name = bytesOf(json, { start: member.nameStart, end: member.start })
    if (index === undefined) return [name, ...cutObject(member, rest)]
    const element = elements(member)[index]!
    const inner = rest.steps.length > 0 ? cutObject(element, rest) : [bytesOf(json, element)]
    return [name, text('['), ...inner, text(']')]
  }
  const cutContacts = (member: MemberPart, contact: number | undefined): Uint8Array[] => {
    const name = bytesOf(json, { start: member.nameStart, end: member.start })
    const only = contact === undefined ? [] : [bytesOf(json, elements(member)[contact]!)]
    return [name, text('['), ...only, text(']')]
  }
  const cutObject = (object: JsonPart, { steps: [step, ...steps], contact }: Way): Uint8Array[] => {
    const kept = members(object).flatMap(member => {
      const { name, nameStart, end, value } = member
      if (name === step?.member) return [cutMember(member, step, { steps, contact })]
      if (step?.lists.has(name)) return []
      if (name === 'contacts' && Array.isArray(value) && value.length > 1)
        return [cutContacts(member, contact)]
      return [[bytesOf(json, { start: nameStart, end })]]
    })
    return [
      text('{'),
      ...kept.flatMap((pieces, at) => (at === 0 ? pieces : [text(','), ...pieces])),
      text('}'),
    ]
  }
  return way =>
    Buffer.concat([
      bytesOf(json, { start: change.start, end: content.start }),
      ...cutObject(content, way),
      bytesOf(json, { start: content.end, end: change.end }),
    ])
}

function remembered<T>(find: (part: JsonPart) => T): (part: JsonPart) => T {
  const found = new Map<number, T>()
  return part => {
    const known = found.get(part.start)
    if (known !== undefined) return known
    const value = find(part)
    found.set(part.start, value)
    return value
  }
}
