import type { OutboundMessage } from '@botyard/queue-contracts'
import type { SendOptions } from '../adapter.ts'
import type { Answer } from '../http/call-api.ts'
import { idAt, jsonOf, textAt } from '../json/value-at.ts'
import { notSent } from '../send/not-sent.ts'
import { pauseMs, resultOfStatus } from '../send/result-of-status.ts'
import type { SendResult } from '../send/send-result.ts'
import { callLine } from './api.ts'
import type { LineCredentials } from './credentials.ts'
import { textMessage } from './join.ts'
import { replyAttempts } from './reply-attempts.ts'
import { retryKey } from './retry-key.ts'

/** A token lives for a minute from when the gateway had it; what is nearly over is not tried. */
const tokenLifeMs = 50_000

/** How long the loading animation stays if no message ends it. */
const loadingSeconds = 20

/** LINE counts a second and does not say how long to wait. */
const defaultPauseMs = 1_000

/** What a call is made by, which is also what a 429 pauses: LINE counts each endpoint for itself. */
type Endpoint = 'reply' | 'push' | 'loading'

const paths: Readonly<Record<Endpoint, string>> = {
  reply: '/v2/bot/message/reply',
  push: '/v2/bot/message/push',
  loading: '/v2/bot/chat/loading/start',
}

/**
 * Sends a text, a message of LINE's own, or a whole request body with `messages`. The first reply to an
 * update goes by its token, which costs nothing, while it is young; whatever else is pushed, under a retry
 * key. Never throws.
 */
export async function sendLine(
  message: OutboundMessage,
  credentials: LineCredentials,
  options: SendOptions,
): Promise<SendResult> {
  const { action, conversation, route } = message
  if (action === 'edit') return notSent('LINE edits no message')
  if (route?.mode === 'standby') return notSent('the channel is in standby, another module answers')
  if (action === 'typing') return await showLoading(conversation, credentials, options)

  const body = bodyOf(message)
  if (usesToken(message)) {
    const result = await reply({ replyToken: route?.replyToken, ...body }, message, credentials, options)
    if (result !== 'push') return result
  }
  if (conversation === 'bot' && body.to === undefined) return notSent('the update names no chat to answer in')
  const headers = { 'x-line-retry-key': retryKey(message.bot, message.id) }
  return await post('push', { to: conversation, ...body }, credentials, options, headers)
}

function bodyOf({ text, native }: OutboundMessage): Record<string, unknown> {
  if (native === undefined) return { messages: [textMessage(text)] }
  return Array.isArray(native.messages) ? native : { messages: [native] }
}

/** A token is good for one call: the first message of the update, `<update id>.0`. */
function usesToken({ id, route, native, receivedAtMs }: OutboundMessage): boolean {
  if (route?.replyToken === undefined || native?.to !== undefined) return false
  return id.endsWith('.0') && Date.now() - receivedAtMs < tokenLifeMs
}

/**
 * Replies by token; `push` if the token is no good. A young token that is no good after a try of this process
 * without an answer is one that was used: the message is out. Another process cannot tell, and pushes: the
 * message may come twice then, as any resend of an uncertain one may, and is not lost.
 */
async function reply(
  body: object,
  { bot, id }: OutboundMessage,
  credentials: LineCredentials,
  options: SendOptions,
): Promise<SendResult | 'push'> {
  const key = `${bot} ${id}`
  const triedBefore = replyAttempts.take(key)
  const posted = await callLine({ path: paths.reply, body }, credentials, options)
  if ('answer' in posted && isBadToken(posted.answer)) return triedBefore ? { status: 'sent' } : 'push'

  const result = 'answer' in posted ? resultOf('reply', posted.answer) : posted.result
  const isUnclear = result.status === 'uncertain' || ('answer' in posted && posted.answer.status >= 500)
  if (isUnclear || (triedBefore && result.status === 'retry')) replyAttempts.remember(key)
  return result
}

/** "Invalid reply token": used, expired or made up. */
function isBadToken({ status, body }: Answer): boolean {
  return status === 400 && /reply token/i.test(textAt(jsonOf(body), 'message') ?? '')
}

async function showLoading(
  chatId: string,
  credentials: LineCredentials,
  options: SendOptions,
): Promise<SendResult> {
  if (!chatId.startsWith('U')) return notSent('the loading animation is for chats with one user')
  return await post('loading', { chatId, loadingSeconds }, credentials, options)
}

async function post(
  endpoint: Endpoint,
  body: object,
  credentials: LineCredentials,
  options: SendOptions,
  headers?: Record<string, string>,
): Promise<SendResult> {
  const posted = await callLine(
    { path: paths[endpoint], body, ...(headers && { headers }) },
    credentials,
    options,
  )
  return 'answer' in posted ? resultOf(endpoint, posted.answer) : posted.result
}

/** What an answer means: https://developers.line.biz/en/reference/messaging-api/#status-codes. */
function resultOf(endpoint: Endpoint, { status, headers, body }: Answer): SendResult {
  const answered = jsonOf(body)
  // 409: the retry key was accepted before, so this is the answer to an earlier try.
  if (status < 300 || (status === 409 && endpoint === 'push')) {
    const messageId = idAt(answered, 'sentMessages', '0', 'id')
    return { status: 'sent', ...(messageId !== undefined && { messageId }) }
  }
  const said = textAt(answered, 'message')
    ?.replace(/\p{C}+/gu, ' ')
    .slice(0, 200)
  const reason = `answered ${status}${said === undefined ? '' : `: ${said}`}`
  if (status === 401) return { status: 'failed', blame: 'credentials', reason }
  // The quota is the plan's, until the month or the plan changes: later tries would be as vain.
  if (status === 429 && /monthly limit/i.test(said ?? ''))
    return { status: 'failed', blame: 'message', reason }
  if (status === 400 && /Failed to send messages|property, 'to'/i.test(said ?? '')) {
    return { status: 'failed', blame: 'recipient', reason }
  }
  const ms = pauseMs(headers['retry-after']) ?? defaultPauseMs
  if (status === 429)
    return { status: 'retry', afterMs: ms, counts: false, reason, pauses: [{ name: endpoint, ms }] }
  return resultOfStatus(status, pauseMs(headers['retry-after']), reason)
}
