import { hash } from 'node:crypto'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { type BatchBounds, boundBatch } from '../json/batch-bounds.ts'
import { bytesOf, elementParts, type JsonPart } from '../json/json-part.ts'
import { idAt, textAt, valueAt } from '../json/value-at.ts'
import { type Entry, entriesOf } from '../meta/envelope.ts'
import { timeAt } from '../meta/time-at.ts'
import { conversationOf } from './conversation.ts'
import { changeCutter } from './cut-change.ts'
import type { Facts } from './facts.ts'
import { type FoundEvent, findEvents, phoneNumberOf } from './find-events.ts'
import { readers } from './read-event.ts'

/** One event of a change; the change itself if it holds no list of events. */
interface Found {
  readonly facts: Facts
  readonly event: string | undefined
  readonly raw: Uint8Array
  readonly place: string
}

/**
 * Splits the up to 1,000 updates of a call: `entry[]` × `changes[]` × messages, statuses, and whatever else
 * lists events.
 */
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

function readChange(
  body: Uint8Array,
  entry: Entry,
  change: JsonPart,
  bounds: BatchBounds,
): NormalisedUpdate[] {
  const account = idAt(entry.value, 'id')
  const phoneNumberId = phoneNumberOf(valueAt(change.value, 'value'))
  const time = timeAt(entry.value, 'time')
  // The account's own time tells a template that is approved twice from an approval that is sent twice.
  let digest: string | undefined
  const hashOf = (place: string) => {
    digest ??= hash('sha256', Buffer.concat([Buffer.from(`${account} ${time} `), bytesOf(body, change)]))
    return `${digest}${place}`
  }
  return eventsOf(body, change, bounds).map(({ facts, event, raw, place }) => {
    const { kind, id, message, user, phone, group, text, sentAtMs = time } = facts
    const route = {
      ...(phoneNumberId !== undefined && { phone_number_id: phoneNumberId }),
      ...(phone !== undefined && group === undefined && { to: phone }),
      // Typing needs the id of the message that is answered.
      ...(message !== undefined && { message }),
      ...(event === 'standby' && { mode: 'standby' }),
    }
    return {
      id: id ?? hashOf(place),
      kind,
      conversation: conversationOf({ phoneNumberId, user, group }, account),
      ...(user !== undefined && { user }),
      ...(text !== undefined && { text }),
      ...(Object.keys(route).length > 0 && { route }),
      ...(sentAtMs !== undefined && { sentAtMs }),
      ...(event !== undefined && { event }),
      raw,
    }
  })
}

function eventsOf(body: Uint8Array, change: JsonPart, bounds: BatchBounds): Found[] {
  const field = textAt(change.value, 'field')
  const content = valueAt(change.value, 'value')
  const events = findEvents(content, field, bounds)
  const [first] = events
  if (first === undefined || events.length === 1) {
    const read = first === undefined ? { facts: readWhole(content), event: field } : readFound(first, field)
    return [{ ...read, raw: bytesOf(body, change), place: '' }]
  }
  const cut = changeCutter(body, change)
  return events.map(found => {
    const { facts, event } = readFound(found, field)
    const raw = cut({ steps: found.steps, contact: facts.contact?.index })
    bounds.rawBytes(raw.length)
    return { facts, event, place: placeOf(found), raw }
  })
}

const placeOf = ({ steps }: FoundEvent) =>
  steps.map(({ member, index }) => `:${member}:${index ?? ''}`).join('')

/** A change that lists nothing is about the account, the number, or (a handover) about its sender. */
function readWhole(content: unknown): Facts {
  const phone = idAt(content, 'sender', 'wa_id') ?? idAt(content, 'sender', 'phone_number')
  return {
    kind: 'other',
    user: idAt(content, 'sender', 'user_id') ?? phone,
    phone,
    sentAtMs: timeAt(content, 'timestamp'),
  }
}

/**
 * Only the field `messages` brings what is for the bot to answer: other fields bring old messages, others',
 * and its own.
 */
function readFound(
  { value, list, outer, around }: FoundEvent,
  field: string | undefined,
): Pick<Found, 'facts' | 'event'> {
  const facts = readers.get(list)!(value, around, outer)
  const { kind } = facts
  const isForBot = field === 'messages' || field === undefined || kind === 'status' || kind === 'membership'
  return { facts: isForBot ? facts : { ...facts, kind: 'other' }, event: nameOf(value, list, field) }
}

function nameOf(value: unknown, list: string, field: string | undefined): string | undefined {
  if (field !== 'messages') return field
  return `messages.${list === 'messages' ? (textAt(value, 'type') ?? 'unknown') : list}`
}
