import type { BotSettings } from '@botyard/queue-contracts'
import type { CallAnswer, NormalisedUpdate, WebhookRequest, WebhookResponse } from '../adapter.ts'
import { fieldOf, formFields, isForm } from '../http/form-fields.ts'
import { jsonOf, textAt } from '../json/value-at.ts'

/** Anything but an empty body would be a message, or an error in a modal. */
const empty: WebhookResponse = { status: 200, contentType: 'text/plain', body: '' }
const noOptions: WebhookResponse = { status: 200, body: '{"options":[]}' }

/** Calls by which Slack tries a url out: `url_verification` when it is set, `ssl_check` from time to time. */
export function handshakeSlack(
  request: Pick<WebhookRequest, 'headers' | 'body'>,
): WebhookResponse | undefined {
  const { body } = request
  if (isForm(request)) {
    return body.includes('ssl_check=') && fieldOf(formFields(body), 'ssl_check') === '1' ? empty : undefined
  }
  if (!body.includes('"url_verification"')) return undefined
  const parsed = jsonOf(body.toString())
  const challenge = textAt(parsed, 'challenge')
  if (textAt(parsed, 'type') !== 'url_verification' || challenge === undefined) return undefined
  return { status: 200, body: JSON.stringify({ challenge }) }
}

/**
 * What a call gets within Slack's 3 s. A slash command may be answered by a message, and a sent view by a
 * `response_action`, if the bot does not defer; options for a menu are always the handler's; whatever else is
 * only taken.
 */
export function answerSlack(
  [update]: readonly NormalisedUpdate[],
  { defer }: Pick<BotSettings, 'defer'>,
): CallAnswer {
  switch (update?.route?.type) {
    case undefined:
      return { now: { status: 200, body: '{"ok":true}' } }
    case 'block_suggestion':
    case 'dialog_suggestion':
      return { wait: true, fallback: noOptions }
    case 'slash_command':
    case 'view_submission':
    case 'dialog_submission':
      return defer === 'none' ? { wait: true, fallback: empty } : { now: empty }
    default:
      return { now: empty }
  }
}
