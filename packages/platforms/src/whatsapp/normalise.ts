import { hash } from 'node:crypto'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
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
  return entriesOf(body).flatMap(entry => {
    const changes = entry.members.find(({ name }) => name === 'changes')
    return changes === undefined ? [] : elementParts(body, changes).flatMap(change => readChange(body, entry, change))
  })
}

function readChange(body: Uint8Array, entry: Entry, change: JsonPart): NormalisedUpdate[] {
  const account = idAt(entry.value, 'id')
  const phoneNumberId = idAt(change.value, 'value', 'metadata', 'phone_number_id')
  const time = timeAt(entry.value, 'time')
  // The account's own time tells a template that is approved twice from an approval that is sent twice.
  let digest: string | undefined
  const hashOf = (place: string) => {
    digest ??= hash('sha256', Buffer.concat([Buffer.from(`${account} ${time} `), bytesOf(body, change)]))
    return `${digest}${place}`
  }
  return eventsOf(body, change).map(({ facts, raw, place }) => {
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

function eventsOf(body: Uint8Array, part: JsonPart): Found[] {
  const content = memberParts(body, part).find(({ name }) => name === 'value')
  const whole: Found = { facts: { kind: 'other' }, raw: bytesOf(body, part), place: '' }
  if (content === undefined) return [whole]

  const members = memberParts(body, content)
  const listed = members.find(({ name }) => name === 'contacts')
  const contacts = listed === undefined ? [] : elementParts(body, listed)
  const around = {
    contacts: indexContacts(contacts),
    ownNumber: idAt(content.value, 'metadata', 'display_phone_number'),
  }
  const lists = members.filter(({ name, value }) => readers.has(name) && Array.isArray(value))
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
    return { facts, place, raw }
  })
}
