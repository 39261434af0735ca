import type { OutboundMessage } from '@botyard/queue-contracts'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { SendOptions } from '../adapter.ts'
import { type Answer, callApi } from '../call-api.ts'
import { pauseMs, resultOfStatus } from '../result-of-status.ts'
import type { SendResult } from '../send-result.ts'
import type { TelegramCredentials } from './credentials.ts'

/** Telegram's own Bot API server. */
const DEFAULT_API_ROOT = 'https://api.telegram.org'

const BotApiAnswer = Type.Object({
  ok: Type.Boolean(),
  error_code: Type.Optional(Type.Integer({ minimum: 300, maximum: 599 })),
  description: Type.Optional(Type.String()),
  parameters: Type.Optional(
    Type.Object({
      retry_after: Type.Optional(Type.Number()),
      migrate_to_chat_id: Type.Optional(Type.Integer()),
    }),
  ),
})
const botApiAnswer = Compile(BotApiAnswer)

/** Sends a reply by `sendMessage`; to a group that became a supergroup it follows once. Never throws. */
export async function sendTelegram(
  message: Pick<OutboundMessage, 'conversation' | 'text'>,
  credentials: Pick<TelegramCredentials, 'token' | 'apiRoot'>,
  options: SendOptions,
): Promise<SendResult> {
  const chatId = chatIdOf(message.conversation)
  if (chatId === undefined)
    return { status: 'failed', blame: 'message', reason: 'not sent: the update names no chat to answer in' }
  const first = await sendMessage(chatId, message.text ?? '', credentials, options)
  if (first.migratedTo === undefined) return first.result
  return (await sendMessage(first.migratedTo, message.text ?? '', credentials, options)).result
}

/** The chat to write to: a user's private chat has the user's id; polls and the bot as a whole have none. */
function chatIdOf(conversation: string): number | undefined {
  const digits = /^(?:user:)?(-?\d+)$/.exec(conversation)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

async function sendMessage(
  chatId: number,
  text: string,
  { token, apiRoot = DEFAULT_API_ROOT }: Pick<TelegramCredentials, 'token' | 'apiRoot'>,
  options: SendOptions,
): Promise<{ result: SendResult; migratedTo?: number }> {
  const url = `${apiRoot.replace(/\/+$/, '')}/bot${token}/sendMessage`
  // Half a surrogate pair makes Telegram refuse the whole text; the replacement character is what it would show anyway.
  const posted = await callApi({ url, body: JSON.stringify({ chat_id: chatId, text: text.toWellFormed() }) }, options)
  if ('result' in posted) return posted

  const { answer } = posted
  const body = readAnswer(answer)
  const accepted = answer.status < 300
  if (accepted && body?.ok) return { result: { status: 'sent' } }
  if (accepted && body?.error_code === undefined) {
    return { result: { status: 'uncertain', reason: `answered ${answer.status}, but not as the Bot API does` } }
  }
  const status = body?.error_code ?? answer.status
  const afterMs = pauseMs(body?.parameters?.retry_after) ?? pauseMs(answer.headers['retry-after'])
  const reason = `answered ${status}${printable(body?.description, token)}`
  const migratedTo = body?.parameters?.migrate_to_chat_id
  return { result: resultOfStatus(status, afterMs, reason), ...(migratedTo !== undefined && { migratedTo }) }
}

/** The answer as the Bot API gives it, or undefined: a proxy's error page, a cut body. */
function readAnswer({ body }: Answer): Static<typeof BotApiAnswer> | undefined {
  try {
    const answer: unknown = JSON.parse(body)
    return botApiAnswer.Check(answer) ? answer : undefined
  } catch {
    return undefined
  }
}

/** Telegram's sentence, fit for a log: short, without control characters, and never with the token, should a server echo it. */
function printable(description: string | undefined, token: string): string {
  if (!description) return ''
  const secret = token.slice(token.indexOf(':') + 1)
  const clean = description.replaceAll(secret, '…').replace(/\p{C}+/gu, ' ')
  return `: ${clean.slice(0, 200)}`
}
