import { hash } from 'node:crypto'
import type { BotIdentity, UpdateKind } from '@botyard/queue-contracts'
import { Type } from 'typebox'
import type { NormalisedUpdate } from '../adapter.ts'
import { compileShape } from '../json/compile-shape.ts'
import { textAt, valueAt } from '../json/value-at.ts'
import { kindOfText } from '../text/kind-of-text.ts'
import { authorOfEvent } from './author.ts'
import { placeOfEvent } from './place.ts'

const checkEvent = compileShape(Type.Object({ event: Type.Object({ type: Type.String({ minLength: 1 }) }) }))

/**
 * Types of messages that somebody wrote
 * (https://docs.discord.com/developers/resources/message#message-object-message-types): default, reply, and
 * what commands answer. Others are the system's: somebody joined, a message was pinned.
 */
const written = new Set<unknown>([undefined, 0, 19, 20, 23])

/** Reads a webhook event: https://docs.discord.com/developers/events/webhook-events#event-types. */
export function readEvent(
  body: unknown,
  bytes: Uint8Array,
  self?: BotIdentity,
): Omit<NormalisedUpdate, 'raw'> {
  const { event } = checkEvent(body)
  const data = valueAt(event, 'data')
  const text = textAt(data, 'content')
  const { user, bot, own } = authorOfEvent(body, data, self)
  const { conversation, route } = placeOfEvent(data, user)
  const tenant = textAt(data, 'guild', 'id') ?? textAt(data, 'guild_id')
  const sentAtMs = timeOf(textAt(event, 'timestamp') ?? '')
  return {
    id: idOf(body, bytes),
    event: event.type,
    kind: kindOf(event.type, data, text, own),
    conversation,
    ...(user !== undefined && { user }),
    ...(bot && { fromBot: true }),
    ...(text !== undefined && { text }),
    ...(tenant !== undefined && { tenant }),
    ...(Number.isFinite(sentAtMs) && { sentAtMs }),
    ...(route && { route }),
  }
}

/** Discord leaves the zone out of some, and means UTC. */
function timeOf(timestamp: string): number {
  return Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(timestamp) ? timestamp : `${timestamp}Z`)
}

/**
 * Events have no id of their own: application, type, time and what it is about are the same when it is sent
 * again.
 */
function idOf(body: unknown, bytes: Uint8Array): string {
  const parts = [
    textAt(body, 'application_id'),
    textAt(body, 'event', 'type'),
    textAt(body, 'event', 'timestamp'),
    textAt(body, 'event', 'data', 'id'),
  ]
  return parts.includes(undefined) ? `sha256:${hash('sha256', bytes, 'hex')}` : JSON.stringify(parts)
}

function kindOf(type: string, data: unknown, text: string | undefined, own: boolean): UpdateKind {
  switch (type) {
    case 'APPLICATION_AUTHORIZED':
    case 'APPLICATION_DEAUTHORIZED':
      return 'membership'
    case 'LOBBY_MESSAGE_CREATE':
    case 'GAME_DIRECT_MESSAGE_CREATE':
      return own || !written.has(valueAt(data, 'type')) ? 'other' : kindOfText(text)
    case 'LOBBY_MESSAGE_UPDATE':
    case 'GAME_DIRECT_MESSAGE_UPDATE':
      return own ? 'other' : 'edit'
    default:
      return 'other'
  }
}
