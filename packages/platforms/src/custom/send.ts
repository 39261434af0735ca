import type { OutboundMessage } from '@botyard/queue-contracts'
import type { SendOptions } from '../adapter.ts'
import { callApi } from '../http/call-api.ts'
import { notSent } from '../send/not-sent.ts'
import { pauseMs, resultOfStatus } from '../send/result-of-status.ts'
import type { SendResult } from '../send/send-result.ts'
import type { CustomCredentials } from './credentials.ts'
import { standardSignature } from './signature.ts'

type CustomMessage = Pick<OutboundMessage, 'id' | 'conversation' | 'action' | 'message' | 'text' | 'native'>

/**
 * Posts a reply `{ id, conversation, text }` to the bot's `replyUrl`, signed as a Standard Webhook whose id
 * is the message's, so that a receiver can drop what it has had. A native message stands under `native`; an
 * edit and "is typing" name themselves in `action`. Never throws.
 */
export async function sendCustom(
  { id, conversation, action = 'send', message, text, native }: CustomMessage,
  { secret, replyUrl }: CustomCredentials,
  options: SendOptions,
): Promise<SendResult> {
  if (replyUrl === undefined) return notSent('the bot has no replyUrl')
  const named = action === 'send' ? {} : { action, message }
  const json = JSON.stringify({ id, conversation, ...named, text, native })
  const webhookId = headerOf(id)
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signature = standardSignature(secret, { id: webhookId, timestamp, body: json }).toString('base64')
  const posted = await callApi(
    {
      url: replyUrl,
      body: json,
      headers: {
        'webhook-id': webhookId,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      },
    },
    options,
  )
  if ('result' in posted) return posted.result
  const { status, headers } = posted.answer
  if (status < 300) return { status: 'sent' }
  return resultOfStatus(status, pauseMs(headers['retry-after']), `answered ${status}`)
}

/** An id as a header value; what a header cannot hold is percent-encoded. */
function headerOf(id: string): string {
  return /^[\x21-\x7e]+$/.test(id) ? id : encodeURIComponent(id.toWellFormed())
}
