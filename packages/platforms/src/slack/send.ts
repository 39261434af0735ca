import type { OutboundMessage } from '@botyard/queue-contracts'
import type { SendOptions } from '../adapter.ts'
import { textAt } from '../json/value-at.ts'
import { notSent } from '../send/not-sent.ts'
import type { SendResult } from '../send/send-result.ts'
import { callSlack } from './api.ts'
import { callsOf } from './calls-of-message.ts'
import type { SlackCredentials } from './credentials.ts'
import { errorOf, resultOfAnswer } from './result-of-answer.ts'

/**
 * Why the next way may succeed: the bot is not in the channel, or the message is one that only its user sees.
 */
const elsewhere = new Set([
  'channel_not_found',
  'not_in_channel',
  'message_not_found',
  'used_url',
  'expired_url',
])

/**
 * Sends or edits by the workspace's own token, failing that by the bot's, or by the response url. Never
 * throws.
 */
export async function sendSlack(
  message: OutboundMessage,
  { botToken, apiRoot }: Pick<SlackCredentials, 'botToken' | 'apiRoot'>,
  options: SendOptions,
): Promise<SendResult> {
  const token = textAt(options.tenant, 'botToken') ?? botToken
  const calls = callsOf(message, token !== undefined, apiRoot)
  if (typeof calls === 'string') return notSent(calls)
  let result: SendResult | undefined
  for (const call of calls) {
    const isOwnUrl = call.method === 'response_url'
    const called = await callSlack({ ...call, token: isOwnUrl ? undefined : token }, options)
    if ('result' in called) return called.result
    const said = resultOfAnswer(called.answer, call, message.tenant)
    result = isOwnUrl ? { ...said, shown: false } : said
    if (!elsewhere.has(errorOf(called.answer) ?? '')) return result
  }
  // There is at least one call.
  return result!
}
