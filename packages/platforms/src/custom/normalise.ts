import { Type } from 'typebox'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { compileShape } from '../compile-shape.ts'
import { kindOfText } from '../kind-of-text.ts'
import { parseJson } from '../parse-json.ts'

/** The most characters (UTF-16 code units) of an id: enough for any id in use, little enough to be a header. */
const MAX_ID_LENGTH = 256

// Half a surrogate pair has no bytes of its own: two such ids would become one where ids are hashed.
const Id = Type.Refine(
  Type.String(),
  (id: string) => id.length > 0 && id.length <= MAX_ID_LENGTH && id.isWellFormed(),
  () => `must be 1-${MAX_ID_LENGTH} characters of well-formed text`,
)

const checkBody = compileShape(
  Type.Object({
    id: Id,
    conversation: Id,
    user: Type.Optional(Id),
    text: Type.Optional(Type.String()),
  }),
)

/** Reads one update of the signed channel; `data`, and whatever else is there, passes through in `raw`. */
export function normaliseCustom({ body }: Pick<WebhookRequest, 'body'>): NormalisedUpdate[] {
  const { id, conversation, user, text } = checkBody(parseJson(body))
  return [
    {
      id,
      kind: text === undefined ? 'other' : kindOfText(text),
      conversation,
      ...(user !== undefined && { user }),
      ...(text !== undefined && { text }),
      raw: body,
    },
  ]
}
