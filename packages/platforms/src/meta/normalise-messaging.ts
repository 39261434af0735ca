import { hash } from 'node:crypto'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { boundBatch } from '../json/batch-bounds.ts'
import { bytesOf, elementParts } from '../json/json-part.ts'
import { idAt } from '../json/value-at.ts'
import { type Entry, entriesOf } from './envelope.ts'
import { type FieldNames, fieldOf, fieldOfChange } from './messaging-events.ts'
import { readCall } from './read-call.ts'
import { readChange } from './read-change.ts'
import { type MessagingFacts, readMessaging } from './read-messaging.ts'
import { timeAt } from './time-at.ts'

/** Lists of an entry that name no events: the names of changed fields. */
const noEvents = new Set(['changed_fields'])

/**
 * Splits a call of Messenger or Instagram: `entry[]` × `messaging[]`, `standby[]` (another app has the
 * thread), `changes[]`, `calls[]`, and lists of a name nobody knows yet, whose elements are `other`.
 */
export const normaliserOf =
  (names: FieldNames) =>
  ({ body }: Pick<WebhookRequest, 'body'>): NormalisedUpdate[] => {
    const bounds = boundBatch()
    return entriesOf(body).flatMap(entry =>
      entry.members.flatMap(list => {
        if (noEvents.has(list.name) || !Array.isArray(list.value)) return []
        bounds.events(list.value.length)
        return elementParts(body, list).map(event => {
          const facts = factsOf(list.name, event.value, idAt(entry.value, 'id'))
          const name = nameOf(list.name, event.value, names)
          return {
            ...toUpdate(entry, list.name, facts, bytesOf(body, event)),
            ...(name !== undefined && { event: name }),
          }
        })
      }),
    )
  }

/**
 * What is not the bot's to answer is `other`: what another app has, and lists of a name that nobody knows
 * yet.
 */
function factsOf(list: string, event: unknown, page: string | undefined): MessagingFacts {
  if (list === 'changes') return readChange(event, page)
  if (list === 'calls') return readCall(event, page)
  const facts = readMessaging(event, page)
  return list === 'messaging' || facts.kind === 'status' ? facts : { ...facts, kind: 'other' }
}

function nameOf(list: string, event: unknown, names: FieldNames): string | undefined {
  if (list === 'changes') return fieldOfChange(event)
  return list === 'messaging' ? fieldOf(event, names) : list
}

function toUpdate(
  { value: entry }: Entry,
  list: string,
  facts: MessagingFacts,
  raw: Uint8Array,
): NormalisedUpdate {
  const page = idAt(entry, 'id')
  const { kind, user, userRef, text, message, comment, sentAtMs = timeAt(entry, 'time') } = facts
  const route = {
    ...(list === 'standby' && { mode: 'standby' }),
    ...(message !== undefined && { message }),
    ...(comment !== undefined && { comment }),
  }
  return {
    id: facts.id ?? hash('sha256', Buffer.concat([Buffer.from(`${page} ${list} `), raw])),
    kind,
    conversation: conversationOf(page, user, userRef),
    ...(user !== undefined && { user }),
    ...(text !== undefined && { text }),
    ...(Object.keys(route).length > 0 && { route }),
    ...(sentAtMs !== undefined && { sentAtMs }),
    raw,
  }
}

/** `<page>:<user>`, `<page>:ref:<user_ref>`, `page:<page>` where there is no user, or `bot`. */
function conversationOf(
  page: string | undefined,
  user: string | undefined,
  userRef: string | undefined,
): string {
  if (page === undefined) return user === undefined ? 'bot' : `user:${user}`
  if (user !== undefined) return `${page}:${user}`
  return userRef === undefined ? `page:${page}` : `${page}:ref:${userRef}`
}
