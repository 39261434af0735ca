import { Type } from 'typebox'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { compileShape } from '../json/compile-shape.ts'
import { parseJson } from '../json/parse-json.ts'
import { kindOfText } from '../text/kind-of-text.ts'

/**
 * The most characters (UTF-16 code units) of an id: enough for any id in use, little enough to be a header.
 */
const maxIdLength = 256

// Half a surrogate pair has no bytes of its own: two such ids would become one where ids are hashed.
const Id = Type.Refine(
  Type.String(),
  (id: string) => id.length > 0 && id.length <= maxIdLength && id.isWellFormed(),
  () => `must be 1-${maxIdLength} characters of well-formed text`,
)

/** The conversation of events that name none: the endpoint as a whole keeps their order. */
const endpoint = 'bot'

const checkId = compileShape(Id)
const checkBody = compileShape(
  Type.Object({
    id: Id,
    conversation: Id,
    user: Type.Optional(Id),
    text: Type.Optional(Type.String()),
    fromBot: Type.Optional(Type.Boolean()),
  }),
)

/** The channel's own updates, and events of any other sender of Standard Webhooks. */
export const customEvents: ReadonlySet<string> = new Set(['update', 'foreign'])

/**
 * Reads one update of the signed channel; `data`, and whatever else is there, passes through in `raw`. An
 * object with neither `id` nor `conversation` is an event of some other sender of Standard Webhooks: its id
 * is its `webhook-id`, which stays the same when it is sent again.
 */
export function normaliseCustom({
  body,
  headers,
}: Pick<WebhookRequest, 'body' | 'headers'>): NormalisedUpdate[] {
  const value = parseJson(body)
  if (isForeign(value) && headers['webhook-id'] !== undefined) {
    return [
      {
        id: checkId(headers['webhook-id']),
        event: 'foreign',
        kind: 'other',
        conversation: endpoint,
        raw: body,
      },
    ]
  }
  const { id, conversation, user, text, fromBot } = checkBody(value)
  return [
    {
      id,
      event: 'update',
      kind: text === undefined ? 'other' : kindOfText(text),
      conversation,
      ...(user !== undefined && { user }),
      ...(fromBot === true && { fromBot }),
      ...(text !== undefined && { text }),
      raw: body,
    },
  ]
}

function isForeign(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return !Object.hasOwn(value, 'id') && !Object.hasOwn(value, 'conversation')
}
