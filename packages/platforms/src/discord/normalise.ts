import type { BotIdentity } from '@botyard/queue-contracts'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { InvalidUpdateError } from '../errors.ts'
import { parseJson } from '../json/parse-json.ts'
import { kindOfBody } from './body-kind.ts'
import { readEvent } from './read-event.ts'
import { readInteraction } from './read-interaction.ts'

/** Reads Discord's one interaction or one webhook event a request; a PING is neither. */
export function normaliseDiscord(
  { body }: Pick<WebhookRequest, 'body'>,
  self?: BotIdentity,
): NormalisedUpdate[] {
  const parsed = parseJson(body)
  switch (kindOfBody(parsed)) {
    case 'interaction':
      return [{ ...readInteraction(parsed), raw: body }]
    case 'event':
      return [{ ...readEvent(parsed, body, self), raw: body }]
    case undefined:
      throw new InvalidUpdateError('shape', 'must be the number of an interaction or webhook event', '/type')
    default:
      return []
  }
}
