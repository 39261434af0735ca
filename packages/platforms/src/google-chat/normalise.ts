import { hash } from 'node:crypto'
import type { BotIdentity, UpdateKind } from '@botyard/queue-contracts'
import { Type } from 'typebox'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { compileShape } from '../json/compile-shape.ts'
import { parseJson } from '../json/parse-json.ts'
import { textAt, valueAt } from '../json/value-at.ts'
import { kindOfText } from '../text/kind-of-text.ts'
import { addOnEvent, type ChatEvent, classicEvent } from './chat-event.ts'
import { appOfSlashCommand, textOfMessage } from './message-text.ts'
import { workspaceEvents } from './workspace-event.ts'

const checkEvent = compileShape(Type.Object({}))
const checkClassic = compileShape(Type.Object({ type: Type.String({ minLength: 1 }) }))

/**
 * Reads the events of a request, in whichever format; a kind that nobody knows yet is `other`, never refused.
 */
export function normaliseGoogleChat(
  { body }: Pick<WebhookRequest, 'body'>,
  self?: BotIdentity,
): NormalisedUpdate[] {
  return readEvents(parseJson(body), body).map(event => {
    const { type, space, raw = body } = event
    const user = textAt(event.user, 'name')
    const isBot = textAt(event.user, 'type') === 'BOT'
    const text = textOf(event)
    const sentAtMs = Date.parse(event.time ?? '')
    const route = routeOf(event)
    return {
      id: idOf(event, user, text, body),
      ...(/^[\w.]{1,100}$/.test(type) && { event: type }),
      kind: kindOf(event, text, isBot, self),
      conversation: space ?? (user && `user:${user}`) ?? 'bot',
      ...(user !== undefined && { user }),
      ...(isBot && { fromBot: true as const }),
      ...(text !== undefined && { text }),
      ...(Number.isFinite(sentAtMs) && { sentAtMs }),
      ...(Object.keys(route).length > 0 && { route }),
      raw,
    }
  })
}

function readEvents(value: unknown, body: Buffer): ChatEvent[] {
  checkEvent(value)
  const chat = valueAt(value, 'chat')
  if (typeof chat === 'object' && chat !== null) return [addOnEvent(value, chat)]
  const subscription = textAt(value, 'subscription')
  if (subscription !== undefined) return workspaceEvents(value, subscription, body)
  return [classicEvent(value, checkClassic(value).type)]
}

/**
 * What an app says is not for this one to answer, be it its own or another's; nor is a slash command of
 * another app.
 */
function kindOf(
  { kind, message }: ChatEvent,
  text: string | undefined,
  isBot: boolean,
  self: BotIdentity | undefined,
): UpdateKind {
  if (kind !== 'by text' && kind !== 'command') return kind
  const app = appOfSlashCommand(message)
  const isForeign = app !== undefined && self?.user !== undefined && app !== self.user
  if (isBot || isForeign) return 'other'
  return kind === 'command' || app !== undefined ? 'command' : kindOfText(text)
}

function textOf({ kind, named, message }: ChatEvent): string | undefined {
  if (named !== undefined) return named
  return kind === 'button' || kind === 'modal' || kind === 'autocomplete' ? undefined : textOfMessage(message)
}

/**
 * A new message is told by its name, whichever way it comes: as an interaction of either format, or as a
 * Workspace event too. Of everything else the same user does the same in the same space at most once at a
 * time.
 */
function idOf(event: ChatEvent, user: string | undefined, text: string | undefined, body: Buffer): string {
  const { type, kind, space, time, message, pubsub } = event
  const name = textAt(message, 'name')
  if ((kind === 'by text' || kind === 'command') && name !== undefined) return name
  if (pubsub?.id !== undefined) return pubsub.id
  if (time === undefined) return hash('sha256', body, 'base64url')
  return hash('sha256', JSON.stringify([type, time, space, user, name, text]), 'base64url')
}

/** The thread to answer in, the message to edit (the one whose card was used), and who alone may see it. */
function routeOf({ kind, message, thread, dialog, preview, pubsub }: ChatEvent): Record<string, string> {
  const parts = {
    thread: textAt(message, 'thread', 'name') ?? thread,
    message: kind === 'button' || kind === 'modal' ? textAt(message, 'name') : undefined,
    viewer: textAt(message, 'privateMessageViewer', 'name'),
    dialog,
    preview,
    pubsub: pubsub?.subscription,
  }
  return Object.fromEntries(
    Object.entries(parts).filter((part): part is [string, string] => part[1] !== undefined),
  )
}
