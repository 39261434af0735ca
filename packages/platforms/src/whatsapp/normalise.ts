import { hash } from 'node:crypto'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { type BatchBounds, boundBatch } from '../batch-bounds.ts'
import { bytesOf, elementParts, type JsonPart, memberParts } from '../json-part.ts'
import { type Entry, entriesOf } from '../meta/envelope.ts'
import { timeAt } from '../meta/time-at.ts'
import { idAt } from '../value-at.ts'
import { indexContacts } from './contacts.ts'
import { conversationOf } from './conversation.ts'
import { cutChange } from './cut-change.ts'
import { type Facts, readers } from './read-event.ts'

/** One event of a change; the change itself if it holds no list of events. */
interface Found {
  readonly facts: Facts
  readonly raw: Uint8Array
  /** Tells the events of one change apart, where the platform gives them no ids. */
  readonly place: string
}

/** Splits the up to 1,000 updates of a call: `entry[]` × `changes[]` × messages, statuses, and whatever else lists events. */
export function normaliseWhatsApp({ body }: Pick<WebhookRequest, 'body'>): NormalisedUpdate[] {
  const bounds = boundBatch()
  return entriesOf(body).flatMap(entry => {
    const changes = entry.members.find(({ name }) => name === 'changes')
    if (changes === undefined || !Array.isArray(changes.value)) return []
    // A change that lists no events is one itself.
    bounds.events(changes.value.length)
    return elementParts(body, changes).flatMap(change => readChange(body, entry, change, bounds))
  })
}

function readChange(body: Uint8Array, entry: Entry, change: JsonPart, bounds: BatchBounds): NormalisedUpdate[] {
  const account = idAt(entry.value, 'id')
  const phoneNumberId = idAt(change.value, 'value', 'metadata', 'phone_number_id')
  const time = timeAt(entry.value, 'time')
  // The account's own time tells a template that is approved twice from an approval that is sent twice.
  let digest: string | undefined
  const hashOf = (place: string) => {
    digest ??= hash('sha256', Buffer.concat([Buffer.from(`${account} ${time} `), bytesOf(body, change)]))
    return `${digest}${place}`
  }
  return eventsOf(body, change, bounds).map(({ facts, raw, place }) => {
    const { kind, id, user, phone, group, text, sentAtMs = time } = facts
    const route = {
      ...(phoneNumberId !== undefined && { phone_number_id: phoneNumberId }),
      ...(phone !== undefined && group === undefined && { to: phone }),
      // Typing needs the id of the message that is answered.
      ...(kind !== 'status' && id !== undefined && { message: id }),
    }
    return {
      id: id ?? hashOf(place),
      kind,
      conversation: conversationOf({ phoneNumberId, user, group }, account),
      ...(user !== undefined && { user }),
      ...(text !== undefined && { text }),
      ...(Object.keys(route).length > 0 && { route }),
      ...(sentAtMs !== undefined && { sentAtMs }),
      raw,
    }
  })
}

function eventsOf(body: Uint8Array, part: JsonPart, bounds: BatchBounds): Found[] {
  const content = memberParts(body, part).find(({ name }) => name === 'value')
  const whole: Found = { facts: { kind: 'other' }, raw: bytesOf(body, part), place: '' }
  if (content === undefined) return [whole]

  const members = memberParts(body, content)
  const lists = members.filter(({ name, value }) => readers.has(name) && Array.isArray(value))
  const count = lists.reduce((sum, { value }) => sum + (value as unknown[]).length, 0)
  bounds.events(Math.max(count - 1, 0))
  const listed = members.find(({ name }) => name === 'contacts')
  const contacts = listed === undefined ? [] : elementParts(body, listed)
  const around = {
    contacts: indexContacts(contacts),
    ownNumber: idAt(content.value, 'metadata', 'display_phone_number'),
  }
  const events = lists.flatMap(list =>
    elementParts(body, list).map((event, index) => {
      const facts = readers.get(list.name)!(event.value, around)
      return { facts, event, list: list.name, place: `:${list.name}:${index}` }
    }),
  )
  if (events.length === 0) return [whole]
  if (events.length === 1) return [{ ...whole, facts: events[0]!.facts }]
  const change = { ...part, content, members, lists: new Set(lists.map(({ name }) => name)), contacts }
  return events.map(({ facts, event, list, place }) => {
    const raw = cutChange(body, change, { list, part: event, contact: facts.contact })
    bounds.rawBytes(raw.length)
    return { facts, place, raw }
  })
}
