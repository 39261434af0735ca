import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { NetworkOptions } from '../adapter.ts'
import { type ApiCall, callApi } from '../http/call-api.ts'
import { pauseMs } from '../send/result-of-status.ts'
import type { Unanswered } from '../send/result-without-answer.ts'
import type { TelegramCredentials } from './credentials.ts'

/** Telegram's own Bot API server. */
const defaultApiRoot = 'https://api.telegram.org'

/**
 * A sent message is answered with a copy of itself, which may quote others; a page of updates has a limit of
 * its own.
 */
const defaultMaxAnswerBytes = 1024 * 1024

/** Which bot, at which server. */
export type BotOf = Pick<TelegramCredentials, 'token' | 'apiRoot'>

/** A method of the Bot API and its parameters: https://core.telegram.org/bots/api#available-methods. */
export interface BotApiCall {
  readonly method: string
  readonly parameters: Readonly<Record<string, unknown>>
}

/** What became of a call: accepted, refused in the Bot API's own way (or a proxy's), or nobody knows. */
export type BotApiReply =
  /** `body` is the whole answer, for who needs the bytes of a part of it. */
  | { readonly state: 'accepted'; readonly result: unknown; readonly body: string }
  /** `reason` is fit for a log, `description` the part of it that Telegram wrote. */
  | {
      readonly state: 'refused'
      readonly status: number
      readonly reason: string
      readonly description: string
      readonly afterMs: number | undefined
      readonly migratedTo: number | undefined
    }
  | { readonly state: 'unclear'; readonly result: Unanswered }

const BotApiAnswer = Type.Object({
  ok: Type.Boolean(),
  result: Type.Optional(Type.Unknown()),
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

/** Calls a method of the Bot API; never throws. */
export async function callBotApi(
  { method, parameters }: BotApiCall,
  { token, apiRoot = defaultApiRoot }: BotOf,
  network: NetworkOptions,
  bounds: Pick<ApiCall, 'maxAnswerBytes' | 'silenceMs'> = { maxAnswerBytes: defaultMaxAnswerBytes },
): Promise<BotApiReply> {
  const url = `${apiRoot.replace(/\/+$/, '')}/bot${token}/${method}`
  const posted = await callApi({ url, body: wellFormedJson(parameters), ...bounds }, network)
  if ('result' in posted) return { state: 'unclear', result: posted.result }

  const { status: httpStatus, headers, body } = posted.answer
  const answer = readAnswer(body)
  const accepted = httpStatus < 300
  if (accepted && answer?.ok) return { state: 'accepted', result: answer.result, body }
  if (accepted && answer?.error_code === undefined) {
    const reason = `answered ${httpStatus}, but not as the Bot API does`
    return { state: 'unclear', result: { status: 'uncertain', reason } }
  }
  const status = answer?.error_code ?? httpStatus
  const description = printable(answer?.description, token)
  return {
    state: 'refused',
    status,
    reason: description ? `answered ${status}: ${description}` : `answered ${status}`,
    description,
    afterMs: pauseMs(answer?.parameters?.retry_after) ?? pauseMs(headers['retry-after']),
    migratedTo: answer?.parameters?.migrate_to_chat_id,
  }
}

/**
 * Half a surrogate pair makes Telegram refuse the whole text; the replacement character is what it would show
 * anyway.
 */
function wellFormedJson(parameters: object): string {
  return JSON.stringify(parameters, (_name, value) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  )
}

/** The answer as the Bot API gives it, or undefined: a proxy's error page, a cut body. */
function readAnswer(body: string) {
  try {
    const answer: unknown = JSON.parse(body)
    return botApiAnswer.Check(answer) ? answer : undefined
  } catch {
    return undefined
  }
}

/**
 * Telegram's sentence, fit for a log: short, without control characters, never with the token, should a
 * server echo it, and without what it quotes of the message, such as a tag that some user wrote. An
 * apostrophe (`can't`) is no quote, and the character that was not escaped tells nothing.
 */
function printable(description: string | undefined, token: string): string {
  const secret = token.slice(token.indexOf(':') + 1)
  const clean = (description ?? '').replaceAll(secret, '…').replace(/\p{C}+/gu, ' ')
  const unquoted = clean.replace(/".*"/, '"…"').replace(/(?<!\w)'.{2,}'/, "'…'")
  return unquoted.slice(0, 200)
}
