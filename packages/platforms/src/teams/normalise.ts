import { hash } from 'node:crypto'
import type { BotIdentity, UpdateKind } from '@botyard/queue-contracts'
import { Type } from 'typebox'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { compileShape } from '../json/compile-shape.ts'
import { parseJson } from '../json/parse-json.ts'
import { textAt } from '../json/value-at.ts'
import { kindOfText } from '../text/kind-of-text.ts'
import { eventNameOf } from './event-name.ts'
import { kindOfActivity } from './kind-of-activity.ts'
import { authorOfActivity, conversationOfActivity, userOfActivity } from './place.ts'
import { textOfActivity } from './text-of-activity.ts'

const checkActivity = compileShape(Type.Object({ type: Type.String({ minLength: 1 }) }))

/** Reads the one activity of a request; a type that nobody knows yet is `other`, never refused. */
export function normaliseTeams(
  { body }: Pick<WebhookRequest, 'body'>,
  self?: BotIdentity,
): NormalisedUpdate[] {
  const activity = parseJson(body)
  checkActivity(activity)
  const tenant =
    textAt(activity, 'conversation', 'tenantId') ?? textAt(activity, 'channelData', 'tenant', 'id')
  const user = userOfActivity(activity)
  const author = authorOfActivity(activity, self)
  const text = textOfActivity(activity, body)
  const sentAtMs = Date.parse(textAt(activity, 'timestamp') ?? '')
  const route = routeOf(activity)
  return [
    {
      id: idOf(activity, body),
      event: eventNameOf(activity),
      kind: kindOf(activity, text, author === 'self'),
      conversation:
        conversationOfActivity(activity) ??
        (user && `user:${user}`) ??
        (tenant && `tenant:${tenant}`) ??
        'bot',
      ...(user !== undefined && { user }),
      ...(author !== 'person' && { fromBot: true }),
      ...(tenant !== undefined && { tenant }),
      ...(text !== undefined && { text }),
      ...(Number.isFinite(sentAtMs) && { sentAtMs }),
      ...(Object.keys(route).length > 0 && { route }),
      raw: body,
    },
  ]
}

function kindOf(activity: unknown, text: string | undefined, isOwn: boolean): UpdateKind {
  const kind = kindOfActivity(activity)
  if (isOwn && (kind === 'by text' || kind === 'edit')) return 'other'
  return kind === 'by text' ? kindOfText(text) : kind
}

/**
 * Edits, deletions and reactions have the id of their message, so all but messages add what tells them apart.
 * Nothing at all to tell by: the bytes themselves.
 */
function idOf(activity: unknown, body: Buffer): string {
  const type = textAt(activity, 'type')
  const id = textAt(activity, 'id')
  const conversation = textAt(activity, 'conversation', 'id')
  if (id === undefined) return `${type}/${hash('sha256', body, 'base64url')}`
  if (type === 'message') return JSON.stringify([type, id, conversation])
  const event = textAt(activity, 'channelData', 'eventType')
  return JSON.stringify([
    type,
    id,
    conversation,
    event,
    textAt(activity, 'replyToId'),
    textAt(activity, 'timestamp'),
  ])
}

/**
 * `serviceUrl` is proven by the token; `message` is the one whose card was used, or that an edit or reaction
 * is about.
 */
function routeOf(activity: unknown): Record<string, string> {
  const serviceUrl = textAt(activity, 'serviceUrl')
  const message = textAt(activity, 'replyToId')
  const invoke = textAt(activity, 'type') === 'invoke' ? (textAt(activity, 'name') ?? 'unnamed') : undefined
  return {
    ...(serviceUrl !== undefined && { serviceUrl }),
    ...(message !== undefined && { message }),
    ...(invoke !== undefined && { invoke }),
  }
}
