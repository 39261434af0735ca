import { hash } from 'node:crypto'
import type { UpdateKind } from '@botyard/queue-contracts'
import { Type } from 'typebox'
import type { NormalisedUpdate } from '../adapter.ts'
import { compileShape } from '../compile-shape.ts'
import { kindOfText } from '../kind-of-text.ts'
import { textAt, valueAt } from '../value-at.ts'

const checkEvent = compileShape(Type.Object({ event: Type.Object({ type: Type.String({ minLength: 1 }) }) }))

/** Reads a webhook event: https://discord.com/developers/docs/events/webhook-events#event-types. */
export function readEvent(body: unknown, bytes: Uint8Array): Omit<NormalisedUpdate, 'raw'> {
  const { event } = checkEvent(body)
  const data = valueAt(event, 'data')
  const text = textAt(data, 'content')
  const user = textAt(data, 'user', 'id') ?? textAt(data, 'author', 'id') ?? textAt(data, 'user_id')
  const tenant = textAt(data, 'guild', 'id') ?? textAt(data, 'guild_id')
  const sentAtMs = timeOf(textAt(event, 'timestamp') ?? '')
  return {
    id: idOf(body, bytes),
    kind: kindOf(event.type, text),
    conversation: conversationOf(data, user),
    ...(user !== undefined && { user }),
    ...(text !== undefined && { text }),
    ...(tenant !== undefined && { tenant }),
    ...(Number.isFinite(sentAtMs) && { sentAtMs }),
  }
}

/** Discord leaves the zone out of some, and means UTC. */
function timeOf(timestamp: string): number {
  return Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(timestamp) ? timestamp : `${timestamp}Z`)
}

/** Events have no id of their own: application, type, time and what it is about are the same when it is sent again. */
function idOf(body: unknown, bytes: Uint8Array): string {
  const parts = [
    textAt(body, 'application_id'),
    textAt(body, 'event', 'type'),
    textAt(body, 'event', 'timestamp'),
    textAt(body, 'event', 'data', 'id'),
  ]
  return parts.includes(undefined) ? `sha256:${hash('sha256', bytes, 'hex')}` : JSON.stringify(parts)
}

function kindOf(type: string, text: string | undefined): UpdateKind {
  if (/^APPLICATION_(?:DE)?AUTHORIZED$/.test(type)) return 'membership'
  if (type.endsWith('_MESSAGE_CREATE')) return kindOfText(text)
  return type.endsWith('_MESSAGE_UPDATE') ? 'edit' : 'other'
}

function conversationOf(data: unknown, user: string | undefined): string {
  const channel = textAt(data, 'channel_id')
  if (channel !== undefined) return channel
  const lobby = textAt(data, 'lobby_id')
  if (lobby !== undefined) return `lobby:${lobby}`
  const guild = textAt(data, 'guild', 'id') ?? (user === undefined ? textAt(data, 'guild_id') : undefined)
  if (guild !== undefined) return `guild:${guild}`
  return user === undefined ? 'bot' : `user:${user}`
}
