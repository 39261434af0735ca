import { hash } from 'node:crypto'
import type { BotIdentity } from '@botyard/queue-contracts'
import { Type } from 'typebox'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { boundBatch } from '../json/batch-bounds.ts'
import { compileShape } from '../json/compile-shape.ts'
import { bytesOf, elementParts, memberParts, wholeOf } from '../json/json-part.ts'
import { parseJson } from '../json/parse-json.ts'
import { idAt, textAt, valueAt } from '../json/value-at.ts'
import { kindOfText } from '../text/kind-of-text.ts'
import { eventKinds, lineEvents, nameOfMessage } from './event-kinds.ts'
import { withoutOwnMention } from './own-mention.ts'

const checkBody = compileShape(Type.Object({ events: Type.Array(Type.Object({})) }))

/** What the console's old "Verify" button sends in place of a reply token. */
const noToken = /^(?:0+|f+)$/

/** The token of a redelivered event is good for 20 minutes after the event; a minute is for us. */
const redeliveredTokenMs = 19 * 60 * 1000

/** Splits `events[]`, which mixes users and types; the "Verify" button's call has none. */
export function normaliseLine(
  { body, receivedAtMs }: Pick<WebhookRequest, 'body' | 'receivedAtMs'>,
  self?: BotIdentity,
): NormalisedUpdate[] {
  const whole = checkBody(parseJson(body))
  const events = memberParts(body, wholeOf(body, whole)).find(({ name }) => name === 'events')
  if (events === undefined) return []
  boundBatch().events(whole.events.length)
  return elementParts(body, events).map(event =>
    readEvent({ event: event.value, raw: bytesOf(body, event), receivedAtMs, self: self?.user }),
  )
}

interface Given {
  readonly event: unknown
  readonly raw: Uint8Array
  readonly receivedAtMs: number
  /** The bot's own user id, if it is known. */
  readonly self: string | undefined
}

function readEvent({ event, raw, receivedAtMs, self }: Given): NormalisedUpdate {
  const user = idAt(event, 'source', 'userId')
  const text = textOf(event, self)
  const timestamp = valueAt(event, 'timestamp')
  const sentAtMs = Number.isSafeInteger(timestamp) ? (timestamp as number) : undefined
  const isLate = sentAtMs !== undefined && receivedAtMs - sentAtMs > redeliveredTokenMs
  const route = routeOf(event, isLate)
  const name = nameOf(event)
  return {
    // Before there were ids of events, a redelivery was the same bytes.
    id: idAt(event, 'webhookEventId') ?? hash('sha256', raw),
    kind: kindOf(event, { name, text, isOwn: user !== undefined && user === self }),
    conversation: idAt(event, 'source', 'groupId') ?? idAt(event, 'source', 'roomId') ?? user ?? 'bot',
    ...(user !== undefined && { user }),
    ...(text !== undefined && { text }),
    ...(Object.keys(route).length > 0 && { route }),
    ...(sentAtMs !== undefined && { sentAtMs }),
    ...(name !== undefined && { event: name }),
    raw,
  }
}

function nameOf(event: unknown): string | undefined {
  const type = textAt(event, 'type')
  return type === 'message' ? nameOfMessage(textAt(event, 'message', 'type') ?? '') : type
}

function textOf(event: unknown, self: string | undefined): string | undefined {
  const text = textAt(event, 'message', 'text')
  if (text === undefined) return textAt(event, 'postback', 'data')
  const said = withoutOwnMention(text, valueAt(event, 'message'), self)
  return said === '' ? undefined : said
}

/** In standby another module answers, so nothing is the bot's to answer. */
function kindOf(
  event: unknown,
  { name = '', text, isOwn }: { name: string | undefined; text: string | undefined; isOwn: boolean },
): NormalisedUpdate['kind'] {
  const known = eventKinds.get(name)
  if (known === 'status') return known
  if (isOwn || valueAt(event, 'mode') === 'standby') return 'other'
  return known ?? (lineEvents.has(name) ? kindOfText(text) : 'other')
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
