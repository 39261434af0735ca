import { hash } from 'node:crypto'
import { Type } from 'typebox'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { boundBatch } from '../batch-bounds.ts'
import { compileShape } from '../compile-shape.ts'
import { bytesOf, elementParts, memberParts, wholeOf } from '../json-part.ts'
import { kindOfText } from '../kind-of-text.ts'
import { parseJson } from '../parse-json.ts'
import { idAt, textAt, valueAt } from '../value-at.ts'
import { eventKinds } from './event-kinds.ts'

const checkBody = compileShape(Type.Object({ events: Type.Array(Type.Object({})) }))

/** What the console's old "Verify" button sends in place of a reply token. */
const noToken = /^(?:0+|f+)$/

/** The token of a redelivered event is good for 20 minutes after the event; a minute is for us. */
const REDELIVERED_TOKEN_MS = 19 * 60 * 1000

/** Splits `events[]`, which mixes users and types; the "Verify" button's call has none. */
export function normaliseLine({
  body,
  receivedAtMs,
}: Pick<WebhookRequest, 'body' | 'receivedAtMs'>): NormalisedUpdate[] {
  const whole = checkBody(parseJson(body))
  const events = memberParts(body, wholeOf(body, whole)).find(({ name }) => name === 'events')
  if (events === undefined) return []
  boundBatch().events(whole.events.length)
  return elementParts(body, events).map(event => readEvent(event.value, bytesOf(body, event), receivedAtMs))
}

function readEvent(event: unknown, raw: Uint8Array, receivedAtMs: number): NormalisedUpdate {
  const user = idAt(event, 'source', 'userId')
  const text = textAt(event, 'message', 'text') ?? textAt(event, 'postback', 'data')
  const timestamp = valueAt(event, 'timestamp')
  const sentAtMs = Number.isSafeInteger(timestamp) ? (timestamp as number) : undefined
  const isLate = sentAtMs !== undefined && receivedAtMs - sentAtMs > REDELIVERED_TOKEN_MS
  const route = routeOf(event, isLate)
  return {
    // Before there were ids of events, a redelivery was the same bytes.
    id: idAt(event, 'webhookEventId') ?? hash('sha256', raw),
    kind: kindOf(event, text),
    conversation: idAt(event, 'source', 'groupId') ?? idAt(event, 'source', 'roomId') ?? user ?? 'bot',
    ...(user !== undefined && { user }),
    ...(text !== undefined && { text }),
    ...(Object.keys(route).length > 0 && { route }),
    ...(sentAtMs !== undefined && { sentAtMs }),
    raw,
  }
}

function kindOf(event: unknown, text: string | undefined): NormalisedUpdate['kind'] {
  const type = textAt(event, 'type') ?? ''
  return type === 'message' ? kindOfText(text) : (eventKinds.get(type) ?? 'other')
}

function routeOf(event: unknown, isLate: boolean): Record<string, string> {
  const replyToken = textAt(event, 'replyToken')
  const message = idAt(event, 'message', 'id')
  const isDead = isLate && valueAt(event, 'deliveryContext', 'isRedelivery') === true
  return {
    ...(replyToken !== undefined && !noToken.test(replyToken) && !isDead && { replyToken }),
    ...(message !== undefined && { message }),
    ...(valueAt(event, 'mode') === 'standby' && { mode: 'standby' }),
  }
}
