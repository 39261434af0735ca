import { hash } from 'node:crypto'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { boundBatch } from '../batch-bounds.ts'
import { bytesOf, elementParts } from '../json-part.ts'
import { idAt } from '../value-at.ts'
import { type Entry, entriesOf } from './envelope.ts'
import { type MessagingFacts, readChange, readMessaging } from './read-messaging.ts'
import { timeAt } from './time-at.ts'

/** Lists of an entry that name no events: the names of changed fields. */
const noEvents = new Set(['changed_fields'])

/**
 * Splits a call of Messenger or Instagram: `entry[]` × `messaging[]`, `standby[]` (another app has the thread), `changes[]`,
 * and lists of a name nobody knows yet, whose elements are `other`.
 */
export function normaliseMessaging({ body }: Pick<WebhookRequest, 'body'>): NormalisedUpdate[] {
  const bounds = boundBatch()
  return entriesOf(body).flatMap(entry =>
    entry.members.flatMap(list => {
      if (noEvents.has(list.name) || !Array.isArray(list.value)) return []
      bounds.events(list.value.length)
      return elementParts(body, list).map(event => {
        const read = list.name === 'changes' ? readChange : readMessaging
        return toUpdate(entry, list.name, read(event.value, idAt(entry.value, 'id')), bytesOf(body, event))
      })
    }),
  )
}

function toUpdate({ value: entry }: Entry, list: string, facts: MessagingFacts, raw: Uint8Array): NormalisedUpdate {
  const page = idAt(entry, 'id')
  const { kind, user, userRef, text, message, sentAtMs = timeAt(entry, 'time') } = facts
  const route = {
    ...(list === 'standby' && { mode: 'standby' }),
    ...(message !== undefined && { message }),
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
function conversationOf(page: string | undefined, user: string | undefined, userRef: string | undefined): string {
  if (page === undefined) return user === undefined ? 'bot' : `user:${user}`
  if (user !== undefined) return `${page}:${user}`
  return userRef === undefined ? `page:${page}` : `${page}:ref:${userRef}`
}
