import { hash } from 'node:crypto'
import type { BotIdentity, UpdateKind } from '@botyard/queue-contracts'
import { Type } from 'typebox'
import type { NormalisedUpdate } from '../adapter.ts'
import { compileShape } from '../json/compile-shape.ts'
import { textAt, valueAt } from '../json/value-at.ts'
import { type Author, authorOf, isOwnUser } from './author.ts'
import { kindOfEvent, kindOfSubtype } from './event-kinds.ts'
import { conversationOf, tenantOfEvent } from './place.ts'
import { channelOfEvent, isPlaceholder, threadOfEvent, userOfEvent } from './place-of-event.ts'
import { textOfAttachments, textOfBlocks } from './text-of-blocks.ts'
import { timeOfTs } from './time-of-ts.ts'
import { typedText } from './typed-text.ts'

const checkBody = compileShape(Type.Object({ type: Type.String({ minLength: 1 }) }))
const checkCallback = compileShape(
  Type.Object({ event: Type.Object({ type: Type.String({ minLength: 1 }) }) }),
)

/**
 * Reads a call of the Events API (https://docs.slack.dev/apis/events-api). What the app itself wrote comes
 * back as an event; it is delivered as `other`, so that no handler of messages answers itself.
 */
export function readEvent(
  body: unknown,
  bytes: Uint8Array,
  self: BotIdentity | undefined,
): Omit<NormalisedUpdate, 'raw'> {
  const { type } = checkBody(body)
  const tenant = tenantOfEvent(body)
  const where = tenant === undefined ? {} : { tenant }
  if (type !== 'event_callback') {
    return {
      id: idOfCall(type, body, bytes),
      event: type,
      kind: 'other',
      conversation: conversationOf(where),
      ...where,
    }
  }
  const { event } = checkCallback(body)
  const isMessage = event.type === 'message' || event.type === 'app_mention'
  const subtype = event.type === 'message' ? textAt(event, 'subtype') : undefined
  const message = isMessage ? (valueAt(event, 'message') ?? event) : undefined
  const author =
    message === undefined
      ? authorOfOther(body, event, self)
      : authorOf(body, subtype === 'message_deleted' ? valueAt(event, 'previous_message') : message, self)
  const channel = channelOfEvent(event)
  const found = userOfEvent(event)
  const user = isPlaceholder(found) ? undefined : found
  const text = message === undefined ? undefined : textOfMessage(message)
  const sentAtMs = timeOf(body, event)
  return {
    id: idOf(event, subtype, isMessage ? channel : undefined) ?? textAt(body, 'event_id') ?? hashOf(bytes),
    event: subtype === undefined ? event.type : `message/${subtype}`,
    kind: isMessage ? kindOfMessage(event, subtype, author) : kindOfEvent(event.type),
    conversation: conversationOf({ ...where, channel, user }),
    ...(user !== undefined && { user }),
    ...(author !== 'person' && { fromBot: true }),
    ...(text !== undefined && { text }),
    ...where,
    ...(sentAtMs !== undefined && { sentAtMs }),
    route: routeOf(event, channel),
  }
}

/**
 * A new message is told by its channel and time, however many events bring it: a mention of the bot comes as
 * `message` and as `app_mention`. What happens to a message later has an event, and so an id, of its own.
 */
function idOf(event: unknown, subtype: string | undefined, channel: string | undefined): string | undefined {
  if (channel === undefined || (subtype !== undefined && later.has(subtype))) return undefined
  const ts = textAt(event, 'ts')
  return ts === undefined ? undefined : `${channel}:${ts}`
}

const later: ReadonlySet<string> = new Set(['message_changed', 'message_deleted', 'message_replied'])

/** `app_rate_limited` has no id of its own, but comes once a minute. */
function idOfCall(type: string, body: unknown, bytes: Uint8Array): string {
  const minute = valueAt(body, 'minute_rate_limited')
  const team = textAt(body, 'team_id')
  if (team === undefined || typeof minute !== 'number') return textAt(body, 'event_id') ?? hashOf(bytes)
  return `${type}:${team}:${minute}`
}

function hashOf(bytes: Uint8Array): string {
  return `sha256:${hash('sha256', bytes, 'hex')}`
}

function kindOfMessage(event: unknown, subtype: string | undefined, author: Author): UpdateKind {
  if (author === 'self') return 'other'
  const kind = kindOfSubtype(subtype)
  // Only a person's message can be edited: a change of anything else, such as the rest of a deleted root, is
  // no edit.
  return kind === 'edit' && kindOfSubtype(textAt(event, 'message', 'subtype')) !== 'message' ? 'other' : kind
}

/** Of other events only the user tells, and who joins or leaves is not always who caused it. */
function authorOfOther(body: unknown, event: { type: string }, self: BotIdentity | undefined): Author {
  if (textAt(event, 'bot_id') !== undefined) return 'bot'
  const user = textAt(event, 'user')
  const isOwn = user !== undefined && isOwnUser(body, user, self) && kindOfEvent(event.type) !== 'membership'
  return isOwn ? 'self' : 'person'
}

/** What a message says: its text, or what its blocks or attachments say where it has none. */
function textOfMessage(message: unknown): string | undefined {
  const text = textAt(message, 'text')
  if (text !== undefined) return typedText(text)
  return textOfBlocks(valueAt(message, 'blocks')) ?? textOfAttachments(valueAt(message, 'attachments'))
}

function timeOf(body: unknown, event: unknown): number | undefined {
  const seconds = valueAt(body, 'event_time')
  return (
    timeOfTs(textAt(event, 'event_ts')) ??
    (Number.isSafeInteger(seconds) ? Number(seconds) * 1000 : undefined)
  )
}

/** A reply goes into the thread that the event was in. */
function routeOf(event: unknown, channel: string | undefined): Record<string, string> {
  const thread = threadOfEvent(event)
  return { ...(channel !== undefined && { channel }), ...(thread !== undefined && { thread_ts: thread }) }
}
