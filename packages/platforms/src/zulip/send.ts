import type { OutboundMessage } from '@botyard/queue-contracts'
import type { SendOptions } from '../adapter.ts'
import { basicAuth } from '../http/basic-auth.ts'
import { type Answer, type ApiCall, callApi } from '../http/call-api.ts'
import { idAt, jsonOf, textAt, valueAt } from '../json/value-at.ts'
import { notSent } from '../send/not-sent.ts'
import { pauseMs, resultOfStatus } from '../send/result-of-status.ts'
import type { SendResult } from '../send/send-result.ts'
import { asWritten } from './as-written.ts'
import type { ZulipCredentials } from './credentials.ts'

type Message = Pick<OutboundMessage, 'conversation' | 'action' | 'text' | 'native' | 'message'>

/** Codes of Zulip's answers that a new key alone can mend, and those of recipients who are gone. */
const credentialCodes = new Set(['UNAUTHORIZED', 'INVALID_API_KEY', 'USER_DEACTIVATED', 'REALM_DEACTIVATED'])
const recipientCodes = new Set(['STREAM_DOES_NOT_EXIST', 'NONEXISTENT_SUBDOMAIN', 'TOPICS_DISABLED'])

/** Sends into the topic or to the people of a conversation, as the bot. Never throws. */
export async function sendZulip(
  message: Message,
  { botEmail, apiKey, apiRoot }: Pick<ZulipCredentials, 'botEmail' | 'apiKey' | 'apiRoot'>,
  options: SendOptions,
): Promise<SendResult> {
  if (botEmail === undefined || apiKey === undefined || apiRoot === undefined) {
    return notSent('the bot has no botEmail, apiKey and apiRoot')
  }
  const call = callOf(message)
  if ('reason' in call) return notSent(call.reason)
  const called = await callApi(
    {
      method: call.method,
      url: `${apiRoot.replace(/\/+$/, '')}/api/v1/${call.path}`,
      body: formOf(call.fields),
      contentType: 'application/x-www-form-urlencoded',
      headers: { authorization: basicAuth(botEmail, apiKey) },
    },
    options,
  )
  return 'result' in called ? called.result : resultOf(called.answer)
}

interface Call {
  readonly method: NonNullable<ApiCall['method']>
  readonly path: string
  readonly fields: Record<string, unknown>
}

function callOf({ conversation, action, text = '', native, message }: Message): Call | { reason: string } {
  if (action === 'edit') {
    if (!/^\d{1,20}$/.test(message ?? '')) return { reason: 'the message is no message’s id' }
    return { method: 'PATCH', path: `messages/${message}`, fields: native ?? { content: asWritten(text) } }
  }
  const to = recipientOf(conversation)
  if (action !== 'typing') {
    if (!to && native?.to === undefined) return { reason: 'the update names no one to answer' }
    const where = to?.people
      ? { type: 'direct', to: to.people }
      : { type: 'stream', to: to?.channel, topic: to?.topic }
    return {
      method: 'POST',
      path: 'messages',
      fields: { ...where, ...(native ?? { content: asWritten(text) }) },
    }
  }
  if (!to) return { reason: 'the update names no one to answer' }
  const where = to.people
    ? { type: 'direct', to: to.people }
    : { type: 'stream', stream_id: to.channel, topic: to.topic }
  return { method: 'POST', path: 'typing', fields: { op: 'start', ...where } }
}

/** The channel and topic, or the people, that a conversation's key names. */
function recipientOf(
  conversation: string,
): { people: number[] } | { people?: undefined; channel: number; topic: string } | undefined {
  const people = /^(?:dm|user):(\d{1,15}(?:,\d{1,15})*)$/.exec(conversation)?.[1]
  if (people !== undefined) return { people: people.split(',').map(Number) }
  const [, channel, topic] = /^(\d{1,15})(?:\/(.*))?$/s.exec(conversation) ?? []
  // The topic that Zulip's own clients give a message without one.
  return channel === undefined ? undefined : { channel: Number(channel), topic: topic || '(no topic)' }
}

/** Texts as they are, anything else as JSON: Zulip's rule for parameters. */
function formOf(fields: Record<string, unknown>): string {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) form.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return form.toString()
}

function resultOf({ status, headers, body }: Answer): SendResult {
  const json = jsonOf(body)
  const result = textAt(json, 'result')
  if (status < 300 && result === 'success') {
    const messageId = idAt(json, 'id')
    return { status: 'sent', ...(messageId !== undefined && { messageId }) }
  }
  if (status < 300 && result !== 'error') {
    return { status: 'uncertain', reason: `answered ${status}, but not as Zulip does` }
  }
  const code = textAt(json, 'code')
  const reason = `answered ${status}${code !== undefined && /^\w{1,100}$/.test(code) ? `: ${code}` : ''}`
  if (status === 429 || code === 'RATE_LIMIT_HIT') {
    const asked = valueAt(json, 'retry-after')
    const afterMs = pauseMs(typeof asked === 'number' ? asked : undefined) ?? pauseMs(headers['retry-after'])
    const pauses = afterMs === undefined ? [] : [{ name: 'token', ms: afterMs }]
    return { status: 'retry', afterMs, counts: false, reason, ...(pauses.length > 0 && { pauses }) }
  }
  if (status === 401 || credentialCodes.has(code ?? ''))
    return { status: 'failed', blame: 'credentials', reason }
  if (recipientCodes.has(code ?? '')) return { status: 'failed', blame: 'recipient', reason }
  return resultOfStatus(status, pauseMs(headers['retry-after']), reason)
}
