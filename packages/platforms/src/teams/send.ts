import type { OutboundMessage } from '@botyard/queue-contracts'
import type { SendOptions } from '../adapter.ts'
import type { Answer, ApiCall } from '../http/call-api.ts'
import { jsonOf, textAt, valueAt } from '../json/value-at.ts'
import { callWithToken } from '../jwt/call-with-token.ts'
import { notSent } from '../send/not-sent.ts'
import { pauseMs, resultOfStatus } from '../send/result-of-status.ts'
import type { SendResult } from '../send/send-result.ts'
import type { TeamsCredentials } from './credentials.ts'
import { serviceUrlOf } from './service-url.ts'
import { tokenSourceOf } from './token-source.ts'

type TeamsMessage = Pick<OutboundMessage, 'conversation' | 'action' | 'text' | 'native' | 'message' | 'route'>

/**
 * Posts an activity into the conversation, puts another in an old one's place, or shows "is typing". Never
 * throws.
 */
export async function sendTeams(
  message: TeamsMessage,
  credentials: TeamsCredentials,
  options: SendOptions,
): Promise<SendResult> {
  const call = callOfMessage(message, credentials)
  if (typeof call === 'string') return notSent(call)
  const posted = await callWithToken(call, tokenSourceOf(credentials, message.route?.serviceUrl), options)
  return 'result' in posted ? posted.result : resultOf(posted.answer, message)
}

/** The call that a message becomes, or a sentence why there is none. */
function callOfMessage(
  { conversation, action, text, native, message, route }: TeamsMessage,
  credentials: TeamsCredentials,
): ApiCall | string {
  if (/^(?:user:|tenant:|bot$)/.test(conversation)) return 'the update names no conversation to answer in'
  const serviceUrl = serviceUrlOf(route?.serviceUrl, credentials)
  if (serviceUrl === undefined) return whyNowhere(route?.serviceUrl)
  const activities = `${serviceUrl}/v3/conversations/${encodeURIComponent(conversation.toWellFormed())}/activities`
  if (action === 'typing') return { url: activities, body: '{"type":"typing"}' }
  // Without a format Teams takes a text for Markdown: single line breaks and marks are lost.
  const body = JSON.stringify({ type: 'message', ...(native ?? { text: text ?? '', textFormat: 'plain' }) })
  // For one person's eyes alone: Microsoft's SDK asks so too.
  const query = valueAt(native, 'recipient', 'isTargeted') === true ? '?isTargetedActivity=true' : ''
  if (action !== 'edit') return { url: `${activities}${query}`, body }
  const id = message ?? route?.message
  if (!id) return 'name the message to edit by the id of its activity'
  return { method: 'PUT', url: `${activities}/${encodeURIComponent(id.toWellFormed())}${query}`, body }
}

function whyNowhere(serviceUrl: string | undefined): string {
  return serviceUrl === undefined
    ? "Microsoft publishes no address for it; set the bot's cloud, or apiRoot"
    : "the service url is none of Microsoft's; set apiRoot if it is yours"
}

function resultOf({ status, headers, body }: Answer, { action }: TeamsMessage): SendResult {
  const answer = jsonOf(body)
  if (status >= 200 && status < 300) {
    const id = textAt(answer, 'id')
    return id === undefined ? { status: 'sent' } : { status: 'sent', messageId: id }
  }
  const code = textAt(answer, 'error', 'code')?.match(/^[\w.-]{1,64}$/)?.[0]
  const reason = `answered ${status}${code ? ` ${code}` : ''}`
  const afterMs = pauseMs(headers['retry-after'])
  switch (status) {
    case 401:
      return { status: 'failed', blame: 'credentials', reason }
    // Blocked, uninstalled, or no member of it any more.
    case 403:
      return { status: 'failed', blame: 'recipient', reason }
    case 404:
      return { status: 'failed', blame: action === 'edit' ? 'message' : 'recipient', reason }
    // Teams asks for another try of these too: two sends met.
    case 412:
      return { status: 'retry', afterMs, counts: true, reason }
    default:
      return resultOfStatus(status, afterMs, reason)
  }
}
