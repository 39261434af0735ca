import { hash } from 'node:crypto'
import { Type } from 'typebox'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { compileShape } from '../compile-shape.ts'
import { membersOf } from '../json-members.ts'
import { kindOfText } from '../kind-of-text.ts'
import { parseJson } from '../parse-json.ts'
import { textAt, valueAt } from '../value-at.ts'
import { hasValue, kindOfActivity } from './kind-of-activity.ts'

/**
 * Looking for a mention may take as many steps as both texts have characters, multiplied. A message of Teams has 28 KB and a
 * mention a name; what would take longer than that can is left as it is.
 */
const MOST_STEPS = 50_000_000

const checkActivity = compileShape(Type.Object({ type: Type.String({ minLength: 1 }) }))

/** Reads the one activity of a request; a type that nobody knows yet is `other`, never refused. */
export function normaliseTeams({ body }: Pick<WebhookRequest, 'body'>): NormalisedUpdate[] {
  const activity = parseJson(body)
  checkActivity(activity)
  const kind = kindOfActivity(activity)
  const tenant = textAt(activity, 'conversation', 'tenantId') ?? textAt(activity, 'channelData', 'tenant', 'id')
  const user = textAt(activity, 'from', 'aadObjectId') ?? textAt(activity, 'from', 'id')
  const text = textOf(activity, body)
  const sentAtMs = Date.parse(textAt(activity, 'timestamp') ?? '')
  const route = routeOf(activity)
  return [
    {
      id: idOf(activity, body),
      kind: kind === 'by text' ? kindOfText(text) : kind,
      // A channel's thread is a conversation of its own: its id is the channel's with `;messageid=` and the root.
      conversation:
        textAt(activity, 'conversation', 'id') ?? (user && `user:${user}`) ?? (tenant && `tenant:${tenant}`) ?? 'bot',
      ...(user !== undefined && { user }),
      ...(tenant !== undefined && { tenant }),
      ...(text !== undefined && { text }),
      ...(Number.isFinite(sentAtMs) && { sentAtMs }),
      ...(Object.keys(route).length > 0 && { route }),
      raw: body,
    },
  ]
}

/**
 * Edits, deletions and reactions have the id of their message, so all but messages add what tells them apart. Nothing at
 * all to tell by: the bytes themselves.
 */
function idOf(activity: unknown, body: Buffer): string {
  const type = textAt(activity, 'type')
  const id = textAt(activity, 'id')
  const conversation = textAt(activity, 'conversation', 'id')
  if (id === undefined) return `${type}/${hash('sha256', body, 'base64url')}`
  if (type === 'message') return JSON.stringify([type, id, conversation])
  const event = textAt(activity, 'channelData', 'eventType')
  return JSON.stringify([type, id, conversation, event, textAt(activity, 'replyToId'), textAt(activity, 'timestamp')])
}

/** What the user wrote, without the mention of the bot that a channel demands; of a button or form its data. */
function textOf(activity: unknown, body: Buffer): string | undefined {
  const text = textAt(activity, 'text')
  if (text !== undefined) return withoutMention(text, activity)
  if (!hasValue(activity)) return undefined
  const value = valueAt(activity, 'value')
  if (typeof value === 'string') return value
  // As it was sent: of a name given twice the last counts, as for JSON.parse.
  const member = membersOf(body).findLast(({ name }) => name === 'value')
  return member && body.toString('utf8', member.start, member.end)
}

function withoutMention(text: string, activity: unknown): string {
  const bot = textAt(activity, 'recipient', 'id')
  const entities = valueAt(activity, 'entities')
  if (bot === undefined || !Array.isArray(entities)) return text
  const mentions = entities
    .filter(entity => textAt(entity, 'type') === 'mention' && textAt(entity, 'mentioned', 'id') === bot)
    .flatMap(entity => textAt(entity, 'text') ?? [])
  const steps = text.length * mentions.reduce((sum, { length }) => sum + length, 0)
  if (mentions.length === 0 || steps > MOST_STEPS) return text
  return mentions.reduce((rest, mention) => rest.replace(mention, ''), text).trim()
}

/** `serviceUrl` is proven by the token; `message` is the one whose card was used, or that an edit or reaction is about. */
function routeOf(activity: unknown): Record<string, string> {
  const type = textAt(activity, 'type')
  const parts = {
    serviceUrl: textAt(activity, 'serviceUrl'),
    message: textAt(activity, 'replyToId'),
    invoke: type === 'invoke' ? (textAt(activity, 'name') ?? 'unnamed') : undefined,
  }
  return Object.fromEntries(Object.entries(parts).filter((part): part is [string, string] => part[1] !== undefined))
}
