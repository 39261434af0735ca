import { Type } from 'typebox'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { readForm as fieldsOfForm, isForm, jsonOfForm } from '../http/form-fields.ts'
import { boundBatch } from '../json/batch-bounds.ts'
import { compileShape } from '../json/compile-shape.ts'
import { bytesOf, elementParts, wholeOf } from '../json/json-part.ts'
import { parseJson } from '../json/parse-json.ts'
import { readForm } from './read-form.ts'
import { readStreamed } from './read-streamed.ts'

const checkBody = compileShape(Type.Union([Type.Object({}), Type.Array(Type.Object({}))]))

/** Reads a call: a form is one update; the JSON of Event Streams is an event or an array of them. */
export function normaliseTwilio(request: Pick<WebhookRequest, 'headers' | 'body'>): NormalisedUpdate[] {
  const { body, headers } = request
  if (isForm(request)) {
    const fields = fieldsOfForm(body)
    const given = headers['x-twilio-signature']
    const signature = typeof given === 'string' && given !== '' ? given : undefined
    return [
      {
        ...readForm(name => fields.get(name)?.[0] || undefined, { signature, body }),
        raw: jsonOfForm(fields),
      },
    ]
  }
  const payload = checkBody(parseJson(body))
  if (!Array.isArray(payload)) return [readStreamed(payload, body)]
  boundBatch().events(payload.length)
  return elementParts(body, wholeOf(body, payload)).map(event =>
    readStreamed(event.value, bytesOf(body, event)),
  )
}
