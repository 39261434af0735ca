import { hash } from 'node:crypto'
import { Type } from 'typebox'
import type { NormalisedUpdate, WebhookRequest, WebhookResponse } from '../adapter.ts'
import { InvalidUpdateError } from '../errors.ts'
import { compileShape } from '../json/compile-shape.ts'
import { parseJson } from '../json/parse-json.ts'
import { idAt, textAt, valueAt } from '../json/value-at.ts'
import { kindOfText } from '../text/kind-of-text.ts'
import { eventKinds, nameOfMessage, viberEvents } from './event-kinds.ts'
import { messageTokenOf } from './message-token.ts'

const checkCallback = compileShape(Type.Object({ event: Type.String({ minLength: 1 }) }))

/** Reads Viber's one event a request; an event that nobody knows yet is `other`. */
export function normaliseViber({ body }: Pick<WebhookRequest, 'body'>): NormalisedUpdate[] {
  const callback = checkCallback(parseJson(body))
  const { event } = callback
  const user = idAt(callback, 'sender', 'id') ?? idAt(callback, 'user', 'id') ?? idAt(callback, 'user_id')
  const text = event === 'message' ? textAt(callback, 'message', 'text') : undefined
  const name = event === 'message' ? nameOfMessage(textAt(callback, 'message', 'type') ?? '') : event
  const sentAtMs = valueAt(callback, 'timestamp')
  return [
    {
      id: idOf(messageTokenOf(body, callback), event, user) ?? hash('sha256', body),
      kind:
        eventKinds.get(event) ?? (event === 'message' && viberEvents.has(name) ? kindOfText(text) : 'other'),
      conversation: user ?? 'bot',
      ...(user !== undefined && { user }),
      ...(text !== undefined && { text }),
      route: { event },
      event: name,
      ...(Number.isSafeInteger(sentAtMs) && { sentAtMs: sentAtMs as number }),
      raw: body,
    },
  ]
}

/**
 * Statuses repeat the token of their message, which of a broadcast is that of every receiver; delivered comes
 * once a device.
 */
function idOf(token: string | undefined, event: string, user: string | undefined): string | undefined {
  if (token === undefined) return undefined
  const parts = [token, event, ...(eventKinds.get(event) === 'status' && user !== undefined ? [user] : [])]
  return parts.join(':')
}

/** The call that set_webhook makes, to see whether the url answers. */
export function answerViberHandshake({ body }: Pick<WebhookRequest, 'body'>): WebhookResponse | undefined {
  try {
    return checkCallback(parseJson(body)).event === 'webhook' ? { status: 200 } : undefined
  } catch (error) {
    if (error instanceof InvalidUpdateError) return undefined
    throw error
  }
}
