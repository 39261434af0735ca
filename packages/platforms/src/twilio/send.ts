import type { OutboundMessage } from '@botyard/queue-contracts'
import type { SendOptions } from '../adapter.ts'
import { basicAuth } from '../http/basic-auth.ts'
import { type Answer, callApi } from '../http/call-api.ts'
import { jsonOf, textAt, valueAt } from '../json/value-at.ts'
import { notSent } from '../send/not-sent.ts'
import { pauseMs, resultOfStatus } from '../send/result-of-status.ts'
import type { SendResult } from '../send/send-result.ts'
import type { TwilioCredentials } from './credentials.ts'
import { isConversationSid } from './sids.ts'

const defaultApiRoot = 'https://api.twilio.com'
const defaultConversationsApiRoot = 'https://conversations.twilio.com'

/**
 * Twilio names no pause with its 429 (code 20429) and asks for a growing one; a second, and up to one more by
 * chance.
 */
const defaultPauseMs = 1000

/** The sender's queue, which holds ten hours of messages, is full (21611): a minute makes room for sixty. */
const fullQueuePauseMs = 60_000

/**
 * Codes that say a recipient cannot be reached: no such number, blocked, unsubscribed, a landline, a country
 * that is not allowed (https://www.twilio.com/docs/api/errors).
 */
const recipientCodes = new Set([
  21211, 21214, 21217, 21219, 21265, 21408, 21610, 21612, 21614, 21635, 63003, 63015, 63024, 63032, 63033,
])

/** Wrong account or token, an account that is suspended or closed. */
const credentialCodes = new Set([20003, 20005, 20006, 20008, 20404, 90010])

type Message = Pick<OutboundMessage, 'conversation' | 'action' | 'text' | 'native' | 'route'>

/** Sends by the Messages resource, from the number the user wrote to. Never throws. */
export async function sendTwilio(
  message: Message,
  credentials: TwilioCredentials,
  options: SendOptions,
): Promise<SendResult> {
  const { accountSid, authToken, apiRoot = defaultApiRoot } = credentials
  if (message.action === 'edit' || message.action === 'typing') {
    return notSent(`Twilio has no way to do this (${message.action})`)
  }
  if (isConversationSid(message.conversation)) return await postToConversation(message, credentials, options)
  const fields = fieldsOf(message, credentials)
  if (!fields.has('To')) return notSent('the update names no one to answer')
  if (!fields.has('From') && !fields.has('MessagingServiceSid')) {
    return notSent('the bot has neither from nor messagingServiceSid')
  }
  const posted = await callApi(
    {
      url: `${apiRoot.replace(/\/+$/, '')}/2010-04-01/Accounts/${accountSid}/Messages.json`,
      body: fields.toString(),
      contentType: 'application/x-www-form-urlencoded',
      headers: { authorization: basicAuth(accountSid, authToken) },
    },
    options,
  )
  return 'result' in posted ? posted.result : resultOf(posted.answer, fields.get('From') ?? '')
}

/**
 * Posts into a conversation of the Conversations API, whose webhooks do not tell of it, as they tell of none
 * of the API's.
 */
async function postToConversation(
  { conversation, native, text }: Message,
  { accountSid, authToken, conversationsApiRoot = defaultConversationsApiRoot }: TwilioCredentials,
  options: SendOptions,
): Promise<SendResult> {
  const posted = await callApi(
    {
      url: `${conversationsApiRoot.replace(/\/+$/, '')}/v1/Conversations/${conversation}/Messages`,
      body: nativeFields(native ?? { Body: text ?? '' }).toString(),
      contentType: 'application/x-www-form-urlencoded',
      headers: { authorization: basicAuth(accountSid, authToken) },
    },
    options,
  )
  return 'result' in posted ? posted.result : resultOf(posted.answer, conversation)
}

/** Who a message is for and from whom; a broadcast's conversation may be the recipient's number alone. */
export function partiesOf(
  { conversation, route }: Pick<OutboundMessage, 'conversation' | 'route'>,
  { from, messagingServiceSid }: Pick<TwilioCredentials, 'from' | 'messagingServiceSid'>,
): { to?: string; from?: string; service?: string } {
  const slash = conversation.indexOf('/')
  const to = slash < 0 ? conversation.replace(/^user:/, '') : conversation.slice(slash + 1)
  const ours = slash < 0 ? route?.from : conversation.slice(0, slash)
  const sender = ours ?? (messagingServiceSid === undefined ? from : undefined)
  return {
    ...(to !== '' && to !== 'bot' && { to }),
    ...(sender !== undefined && { from: sender }),
    ...(sender === undefined && messagingServiceSid !== undefined && { service: messagingServiceSid }),
  }
}

/** The native message's fields as they are; texts as `Body`; `To` and the sender where it names none. */
function fieldsOf(message: Message, credentials: TwilioCredentials): URLSearchParams {
  const fields = nativeFields(message.native ?? { Body: message.text ?? '' })
  const { to, from, service } = partiesOf(message, credentials)
  if (!fields.has('To') && to !== undefined) fields.set('To', to)
  if (!fields.has('From') && !fields.has('MessagingServiceSid')) {
    if (from !== undefined) fields.set('From', from)
    else if (service !== undefined) fields.set('MessagingServiceSid', service)
  }
  return fields
}

function nativeFields(native: object): URLSearchParams {
  const fields = new URLSearchParams()
  for (const [name, value] of Object.entries(native)) {
    for (const one of Array.isArray(value) ? value : [value]) fields.append(name, textOf(one))
  }
  return fields
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

function resultOf({ status, headers, body }: Answer, from: string): SendResult {
  const json = jsonOf(body)
  if (status < 300) {
    const messageId = textAt(json, 'sid')
    if (messageId !== undefined) return { status: 'sent', messageId }
    return { status: 'uncertain', reason: `answered ${status}, but not as Twilio does` }
  }
  const given = valueAt(json, 'code')
  const code = typeof given === 'number' && Number.isSafeInteger(given) ? given : 0
  const reason = code === 0 ? `answered ${status}` : `answered ${status}: code ${code}`
  if (code === 21611) {
    const pauses = [{ name: `from:${from}`, ms: fullQueuePauseMs }]
    return { status: 'retry', afterMs: fullQueuePauseMs, counts: false, reason, pauses }
  }
  if (status === 429 || code === 20429) {
    const ms = pauseMs(headers['retry-after']) ?? Math.round(defaultPauseMs * (1 + Math.random()))
    return { status: 'retry', afterMs: ms, counts: false, reason, pauses: [{ name: 'account', ms }] }
  }
  if (status === 401 || credentialCodes.has(code)) return { status: 'failed', blame: 'credentials', reason }
  if (recipientCodes.has(code)) return { status: 'failed', blame: 'recipient', reason }
  return resultOfStatus(status, pauseMs(headers['retry-after']), reason)
}
