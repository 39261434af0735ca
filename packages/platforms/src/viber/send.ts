import type { OutboundMessage } from '@botyard/queue-contracts'
import type { SendOptions } from '../adapter.ts'
import type { Answer } from '../http/call-api.ts'
import { jsonOf, valueAt } from '../json/value-at.ts'
import { notSent } from '../send/not-sent.ts'
import { pauseMs, resultOfStatus } from '../send/result-of-status.ts'
import type { SendResult } from '../send/send-result.ts'
import { callViber } from './api.ts'
import type { ViberCredentials } from './credentials.ts'
import { messageTokenOf } from './message-token.ts'

/** Viber does not say how long its "too many requests" lasts; its one published window is 10 seconds. */
const defaultPauseMs = 10_000

/** Sends a text or a message of Viber's own. Never throws. */
export async function sendViber(
  { action, conversation, text, native }: OutboundMessage,
  credentials: ViberCredentials,
  options: SendOptions,
): Promise<SendResult> {
  if (action === 'edit') return notSent('Viber edits no message')
  if (action === 'typing') return notSent('Viber shows no typing')
  if (conversation === 'bot' && native?.receiver === undefined)
    return notSent('the update names no user to answer')
  const body = {
    receiver: conversation,
    sender: { name: credentials.senderName },
    ...(native ?? { type: 'text', text: (text ?? '').toWellFormed() }),
  }
  const posted = await callViber('send_message', body, credentials, options)
  return 'answer' in posted ? resultOf(posted.answer) : posted.result
}

/** Who is to blame for a status: https://developers.viber.com/docs/api/rest-bot-api/#error-codes. */
const blames: ReadonlyMap<number, 'recipient' | 'credentials'> = new Map([
  [2, 'credentials'], // invalid auth token
  [5, 'recipient'], // not registered
  [6, 'recipient'], // not subscribed
  [7, 'credentials'], // the account is blocked
  [8, 'credentials'], // the account is not known
  [9, 'credentials'], // the account is suspended
  [10, 'credentials'], // no webhook is set
  [11, 'recipient'], // no suitable device
  [15, 'credentials'], // not authorised
  [21, 'recipient'], // not for the user's country
])

/** Viber answers 200 to errors too: the body's `status` decides, 0 is success. */
function resultOf(answer: Answer): SendResult {
  const json = jsonOf(answer.body)
  const status = valueAt(json, 'status')
  const afterMs = pauseMs(answer.headers['retry-after'])
  if (typeof status !== 'number') {
    if (answer.status >= 300) return resultOfStatus(answer.status, afterMs, `answered ${answer.status}`)
    return { status: 'uncertain', reason: `answered ${answer.status}, but not as Viber does` }
  }
  if (status === 0) {
    const messageId = messageTokenOf(Buffer.from(answer.body), json)
    return { status: 'sent', ...(messageId !== undefined && { messageId }) }
  }
  const reason = `answered ${answer.status}, status ${status}`
  if (status === 12 || answer.status === 429) {
    const ms = afterMs ?? defaultPauseMs
    return { status: 'retry', afterMs: ms, counts: false, reason, pauses: [{ name: 'account', ms }] }
  }
  const blame = blames.get(status)
  if (blame !== undefined) return { status: 'failed', blame, reason }
  // 1-24 have names, and those left blame the message; all else is Viber's "general error".
  if (status >= 1 && status <= 24) return { status: 'failed', blame: 'message', reason }
  return { status: 'retry', afterMs, counts: true, reason }
}
