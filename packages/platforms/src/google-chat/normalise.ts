import { hash } from 'node:crypto'
import { Type } from 'typebox'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { compileShape } from '../compile-shape.ts'
import { kindOfText } from '../kind-of-text.ts'
import { parseJson } from '../parse-json.ts'
import { textAt, valueAt } from '../value-at.ts'
import { addOnEvent, type ChatEvent, classicEvent } from './chat-event.ts'
import { workspaceEvent } from './workspace-event.ts'

const checkEvent = compileShape(Type.Object({}))
const checkClassic = compileShape(Type.Object({ type: Type.String({ minLength: 1 }) }))

/** Reads the one event of a request, in whichever format; a kind that nobody knows yet is `other`, never refused. */
export function normaliseGoogleChat({ body }: Pick<WebhookRequest, 'body'>): NormalisedUpdate[] {
  const event = readEvent(parseJson(body))
  const { kind, space, user, message } = event
  const text = textOf(event)
  const sentAtMs = Date.parse(event.time ?? '')
  const route = routeOf(event)
  return [
    {
      id: idOf(event, body),
      kind: kind === 'by text' ? kindOfText(text) : kind,
      conversation: space ?? (user && `user:${user}`) ?? 'bot',
      ...(user !== undefined && { user }),
      ...(text !== undefined && { text }),
      ...(Number.isFinite(sentAtMs) && { sentAtMs }),
      ...(Object.keys(route).length > 0 && { route }),
      raw: body,
    },
  ]

  function textOf({ text: named }: ChatEvent): string | undefined {
    if (named !== undefined) return named
    if (kind === 'button' || kind === 'modal' || kind === 'autocomplete') return undefined
    const whole = textAt(message, 'text')
    // Without the mention of the app that a space demands; but of a slash command it is without the command.
    return kind === 'command' ? whole : (textAt(message, 'argumentText')?.trim() ?? whole)
  }
}

function readEvent(value: unknown): ChatEvent {
  checkEvent(value)
  const chat = valueAt(value, 'chat')
  if (typeof chat === 'object' && chat !== null) return addOnEvent(value, chat)
  const subscription = textAt(value, 'subscription')
  if (subscription !== undefined) return workspaceEvent(value, subscription)
  return classicEvent(value, checkClassic(value).type)
}

/** A message is told by its name; of everything else the same user does the same in the same space at most once at a time. */
function idOf({ type, kind, space, user, time, message, text, pubsub }: ChatEvent, body: Buffer): string {
  if (pubsub?.id !== undefined) return pubsub.id
  const name = textAt(message, 'name')
  if ((kind === 'by text' || kind === 'command') && name !== undefined) return name
  if (time === undefined) return hash('sha256', body, 'base64url')
  return hash('sha256', JSON.stringify([type, time, space, user, name, text]), 'base64url')
}

/** The thread to answer in, the message to edit: the one whose card was used. */
function routeOf({ kind, message, pubsub }: ChatEvent): Record<string, string> {
  const parts = {
    thread: textAt(message, 'thread', 'name'),
    message: kind === 'button' || kind === 'modal' ? textAt(message, 'name') : undefined,
    pubsub: pubsub?.subscription,
  }
  return Object.fromEntries(Object.entries(parts).filter((part): part is [string, string] => part[1] !== undefined))
}
