import { hash } from 'node:crypto'
import type { OutboundMessage } from '@botyard/queue-contracts'
import type { RESTPostAPIChannelMessageJSONBody } from 'discord-api-types/v10'
import type { SendOptions } from '../adapter.ts'
import type { Answer } from '../http/call-api.ts'
import { notSent } from '../send/not-sent.ts'
import type { SendResult } from '../send/send-result.ts'
import { callDiscord } from './api.ts'
import { asWritten } from './as-written.ts'
import type { DiscordCredentials } from './credentials.ts'
import { codeOf, codes, resultOfAnswer } from './result-of-answer.ts'
import { type DiscordMessage, type SendRoute, sendRoutesOf } from './send-routes.ts'

/**
 * A worker may be faster than the answer that the gateway gives Discord, which knows the interaction's
 * webhook only then: for so long after the update came, "unknown" means "not yet".
 */
const notYetMs = 10_000
const notYetPauseMs = 300

/** Sends, edits or shows typing, by the interaction or into the channel. Never throws. */
export async function sendDiscord(
  message: OutboundMessage,
  credentials: DiscordCredentials,
  options: SendOptions,
): Promise<SendResult> {
  const routes = sendRoutesOf(message, credentials)
  if (typeof routes === 'string') return notSent(routes)
  let result: SendResult | undefined
  for (const route of routes) {
    const called = await callDiscord(
      {
        method: route.method,
        path: route.path,
        body: bodyOf(message, route),
        botToken: route.by === 'bot' ? credentials.botToken : undefined,
      },
      credentials,
      options,
    )
    if ('result' in called) return withEarlier(called.result, result)
    const said = resultOfAnswer(called.answer, route)
    result = withEarlier(route.by === 'bot' ? said : { ...said, shown: false }, result)
    if (route.by === 'bot' || !isClosed(called.answer)) return result
    // It is gone, and that was wanted.
    if (message.action === 'dismiss' && codeOf(called.answer) === codes.unknownMessage)
      return { status: 'sent', shown: false }
    if (isTooEarly(message, called.answer)) {
      return {
        status: 'retry',
        afterMs: notYetPauseMs,
        counts: false,
        reason: 'the interaction is not known yet',
      }
    }
  }
  // There is at least one route.
  return result!
}

/** What the first route was told about the limits counts too. */
function withEarlier(result: SendResult, before: SendResult | undefined): SendResult {
  if (before === undefined) return result
  const learned = [...(before.learned ?? []), ...(result.learned ?? [])]
  const errors = [...(before.errors ?? []), ...(result.errors ?? [])]
  return { ...result, ...(learned.length > 0 && { learned }), ...(errors.length > 0 && { errors }) }
}

/**
 * Whether the interaction can do no more for this message: its token is over, or the message is not of its
 * making.
 */
function isClosed(answer: Answer): boolean {
  if (answer.status !== 401 && answer.status !== 404) return false
  const code = codeOf(answer)
  return code === codes.unknownWebhook || code === codes.invalidWebhookToken || code === codes.unknownMessage
}

function isTooEarly({ receivedAtMs }: DiscordMessage, answer: Answer): boolean {
  return codeOf(answer) === codes.unknownWebhook && Date.now() - receivedAtMs < notYetMs
}

/**
 * A nonce makes Discord answer a message that it has had within the last minutes with the message it made of
 * it.
 */
function bodyOf(message: DiscordMessage, { by, method }: SendRoute): unknown {
  if (message.action === 'typing' || message.action === 'dismiss') return undefined
  const said: RESTPostAPIChannelMessageJSONBody = message.native ?? plain(message.text ?? '')
  if (by === 'interaction' || method === 'PATCH') return said
  const key: RESTPostAPIChannelMessageJSONBody = { nonce: nonceOf(message), enforce_nonce: true }
  return { ...key, ...said }
}

/** A text that shows as it is and calls nobody: it may hold what a stranger wrote. */
function plain(text: string): RESTPostAPIChannelMessageJSONBody {
  return { content: asWritten(text), allowed_mentions: { parse: [] } }
}

/** At most 25 characters. */
function nonceOf({ bot, id }: Pick<DiscordMessage, 'bot' | 'id'>): string {
  return hash('sha256', `${bot} ${id}`, 'base64url').slice(0, 25)
}
