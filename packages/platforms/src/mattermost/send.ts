import { hash } from 'node:crypto'
import type { OutboundMessage } from '@botyard/queue-contracts'
import type { SendOptions } from '../adapter.ts'
import { type Answer, type ApiCall, callApi } from '../http/call-api.ts'
import { jsonOf, textAt } from '../json/value-at.ts'
import { notSent } from '../send/not-sent.ts'
import { pauseMs, resultOfStatus } from '../send/result-of-status.ts'
import type { SendResult } from '../send/send-result.ts'
import type { MattermostCredentials } from './credentials.ts'
import { postOfText } from './quiet-text.ts'

type Message = Pick<
  OutboundMessage,
  'id' | 'bot' | 'conversation' | 'action' | 'text' | 'native' | 'message' | 'route'
>

/** Posts into the channel by the bot's own account. Never throws. */
export async function sendMattermost(
  message: Message,
  { url, botToken }: Pick<MattermostCredentials, 'url' | 'botToken'>,
  options: SendOptions,
): Promise<SendResult> {
  if (url === undefined || botToken === undefined) return notSent('the bot has no url and botToken')
  const call = callOf(message)
  if ('reason' in call) return notSent(call.reason)
  const called = await callApi(
    {
      method: call.method,
      url: `${url.replace(/\/+$/, '')}/api/v4/${call.path}`,
      body: JSON.stringify(call.body),
      headers: { authorization: `Bearer ${botToken}` },
    },
    options,
  )
  return 'result' in called ? called.result : resultOf(called.answer, message.action === 'typing')
}

function callOf(
  message: Message,
): { method: NonNullable<ApiCall['method']>; path: string; body: object } | { reason: string } {
  const { conversation, action, native, text = '', route } = message
  if (action === 'edit') {
    const id = message.message ?? ''
    if (!/^[a-z0-9]{1,32}$/.test(id)) return { reason: 'the message is no post’s id' }
    return { method: 'PUT', path: `posts/${id}/patch`, body: native ?? { message: postOfText(text) } }
  }
  // A broadcast may name the channel alone.
  const channel = route?.channel ?? conversation.slice(conversation.indexOf('/') + 1)
  if (!/^[a-z0-9]{1,32}$/.test(channel) || channel === 'bot') return { reason: 'the update names no channel' }
  if (action === 'typing') return { method: 'POST', path: 'users/me/typing', body: { channel_id: channel } }
  const body = {
    channel_id: channel,
    pending_post_id: pendingId(message),
    ...(native ?? { message: postOfText(text) }),
  }
  return { method: 'POST', path: 'posts', body }
}

/**
 * For half a minute the server answers a pending id that it has had with the post it made of it
 * (deduplicateCreatePost).
 */
function pendingId({ bot, id }: Pick<Message, 'bot' | 'id'>): string {
  return hash('sha256', `${bot} ${id}`, 'hex').slice(0, 32)
}

function resultOf({ status, headers, body }: Answer, typing: boolean): SendResult {
  if (status < 300) {
    const messageId = textAt(jsonOf(body), 'id')
    if (typing) return { status: 'sent' }
    if (messageId !== undefined) return { status: 'sent', messageId }
    return { status: 'uncertain', reason: `answered ${status}, but not as Mattermost does` }
  }
  const code = textAt(jsonOf(body), 'id')
  const reason = `answered ${status}${code !== undefined && /^[\w.]{1,100}$/.test(code) ? `: ${code}` : ''}`
  // Its limiter names the seconds until it forgets, in one header or the other.
  const afterMs = pauseMs(headers['retry-after']) ?? pauseMs(headers['x-ratelimit-reset'])
  if (status === 429) {
    const pauses = afterMs === undefined ? [] : [{ name: 'token', ms: afterMs }]
    return { status: 'retry', afterMs, counts: false, reason, ...(pauses.length > 0 && { pauses }) }
  }
  if (status === 401) return { status: 'failed', blame: 'credentials', reason }
  // Not in the channel, or it is archived or gone.
  if (status === 403 || status === 404) return { status: 'failed', blame: 'recipient', reason }
  return resultOfStatus(status, pauseMs(headers['retry-after']), reason)
}
