import type { BotIdentity } from '@botyard/queue-contracts'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { fieldOf, isForm, jsonOfForm, readForm } from '../http/form-fields.ts'
import { parseJson } from '../json/parse-json.ts'
import { readCommand } from './read-command.ts'
import { readEvent } from './read-event.ts'
import { readPayload } from './read-payload.ts'

/**
 * Reads Slack's one event, slash command or interaction a request, told apart by media type and by the form's
 * fields.
 */
export function normaliseSlack(
  request: Pick<WebhookRequest, 'headers' | 'body'>,
  self?: BotIdentity,
): NormalisedUpdate[] {
  const { body } = request
  if (!isForm(request)) return [{ ...readEvent(parseJson(body), body, self), raw: body }]
  const fields = readForm(body)
  const payload = fieldOf(fields, 'payload')
  if (payload === undefined) return [{ ...readCommand(fields, request), raw: jsonOfForm(fields) }]
  const raw = Buffer.from(payload)
  return [{ ...readPayload(parseJson(raw), request), raw }]
}
