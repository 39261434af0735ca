import type { BatchBounds } from '../json/batch-bounds.ts'
import { idAt, valueAt } from '../json/value-at.ts'
import { indexContacts } from './contacts.ts'
import type { Step } from './cut-change.ts'
import type { Surroundings } from './facts.ts'
import { readers } from './read-event.ts'

/** One event that a change lists, and the way to it. */
export interface FoundEvent {
  readonly value: unknown
  /** The name of the list it stands in. */
  readonly list: string
  /** The element that the list stands in, if that is one of another list. */
  readonly outer: unknown
  readonly around: Surroundings
  readonly steps: readonly Step[]
}

/** Lists whose elements are of several people: one event each. */
const nested: ReadonlyMap<string, readonly string[]> = new Map([
  ['groups', ['added_participants', 'removed_participants', 'failed_participants']],
  ['history', ['threads']],
])

/**
 * Finds the events of a change's value; in `standby` they stand one object deeper. An empty list: the change
 * is one itself.
 */
export function findEvents(content: unknown, field: string | undefined, bounds: BatchBounds): FoundEvent[] {
  const inner = field === 'standby' ? valueAt(content, 'standby') : undefined
  const isDeeper = typeof inner === 'object' && inner !== null && !Array.isArray(inner)
  const value = isDeeper ? inner : content
  const steps = isDeeper ? [{ member: 'standby', lists: new Set<string>() }] : []
  const names = listsOf(value, readers.keys())
  countOf(value, names, bounds)

  const display = idAt(content, 'metadata', 'display_phone_number')
  const ownNumber = display !== undefined && /\D/.test(display) ? display.replace(/\D+/g, '') : display
  const around = { contacts: indexContacts(valueAt(value, 'contacts')), ownNumber, field }
  return [...names].flatMap(list =>
    elementsOf(value, list).flatMap((element, index) => {
      const step = { member: list, index, lists: names }
      const found = { value: element, list, outer: undefined, around, steps: [...steps, step] }
      const inLists = nested.get(list)
      return inLists === undefined ? [found] : innerEvents(found, inLists, bounds)
    }),
  )
}

/** The events within an element, one a person; the element itself if it lists none. */
function innerEvents(found: FoundEvent, inLists: readonly string[], bounds: BatchBounds): FoundEvent[] {
  const { value: outer, steps } = found
  const names = listsOf(outer, inLists)
  if (countOf(outer, names, bounds) === 0) return [found]
  return [...names].flatMap(list =>
    elementsOf(outer, list).map((value, index) => {
      return { ...found, value, list, outer, steps: [...steps, { member: list, index, lists: names }] }
    }),
  )
}

/** Which of the names are lists of a value. */
function listsOf(value: unknown, names: Iterable<string>): Set<string> {
  const lists = new Set<string>()
  for (const name of names) if (Array.isArray(valueAt(value, name))) lists.add(name)
  return lists
}

const elementsOf = (value: unknown, list: string) => valueAt(value, list) as unknown[]

/** Counts the elements of lists, of which the first is counted by what holds it. */
function countOf(value: unknown, lists: ReadonlySet<string>, bounds: BatchBounds): number {
  let count = 0
  for (const list of lists) count += elementsOf(value, list).length
  bounds.events(Math.max(count - 1, 0))
  return count
}

/**
 * The phone number that a change is about; a handover names it as its recipient, an account's settings as
 * their own.
 */
export function phoneNumberOf(content: unknown): string | undefined {
  return (
    idAt(content, 'metadata', 'phone_number_id') ??
    idAt(content, 'recipient', 'phone_number_id') ??
    (valueAt(content, 'type') === 'phone_number_settings'
      ? idAt(content, 'phone_number_settings', 'phone_number_id')
      : undefined)
  )
}
