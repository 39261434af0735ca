import type { Answer } from '../http/call-api.ts'
import { idAt, jsonOf, textAt, valueAt } from '../json/value-at.ts'
import { pauseMs, resultOfStatus } from '../send/result-of-status.ts'
import type { LearnedWindow, SendResult } from '../send/send-result.ts'
import { globalScope, invalidScope } from './limits.ts'
import type { SendRoute } from './send-routes.ts'

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json. */
export const codes = {
  unknownMessage: 10_008,
  unknownWebhook: 10_015,
  /** Discord's front door, not its API. */
  internalNetwork: 40_333,
  anothersMessage: 50_005,
  invalidWebhookToken: 50_027,
  threadArchived: 50_083,
} as const

/** The code of an error, if the answer is the API's. */
export function codeOf({ body }: Pick<Answer, 'body'>): number | undefined {
  const code = valueAt(jsonOf(body), 'code')
  return typeof code === 'number' ? code : undefined
}

/** What an answer means, and what it tells about Discord's limits. */
export function resultOfAnswer(answer: Answer, route: Pick<SendRoute, 'by' | 'window'>): SendResult {
  const learned = learnedFrom(answer, route)
  return {
    ...outcomeOf(answer, route),
    ...(learned && { learned: [learned] }),
    ...(isInvalid(answer) && { errors: [invalidScope] }),
  }
}

function outcomeOf(answer: Answer, route: Pick<SendRoute, 'by' | 'window'>): SendResult {
  const { status, headers, body } = answer
  if (status < 300) {
    const messageId = idAt(jsonOf(body), 'id')
    if (messageId !== undefined) return { status: 'sent', messageId }
    // Typing has no answer.
    return status === 204
      ? { status: 'sent' }
      : { status: 'uncertain', reason: `answered ${status}, but not as Discord` }
  }
  const reason = reasonOf(answer)
  if (status === 429) return limited(answer, route, reason)
  const code = codeOf(answer)
  if (status === 401 && route.by === 'bot') return { status: 'failed', blame: 'credentials', reason }
  if (code === codes.anothersMessage || code === codes.unknownMessage) {
    return { status: 'failed', blame: 'message', reason }
  }
  if (status === 403 && (code === undefined || code === codes.internalNetwork)) {
    return { status: 'retry', afterMs: undefined, counts: true, reason }
  }
  // No access, no such channel, a thread that is closed, a token that is over.
  if ([401, 403, 404].includes(status) || code === codes.threadArchived) {
    return { status: 'failed', blame: 'recipient', reason }
  }
  return resultOfStatus(status, pauseMs(headers['retry-after']), reason)
}

/**
 * A 429 pauses the route, or with `global` the whole bot; one without Discord's JSON is of the address that
 * we send from.
 */
function limited(
  { headers, body }: Answer,
  { window }: Pick<SendRoute, 'window'>,
  reason: string,
): SendResult {
  const json = jsonOf(body)
  const inBody = valueAt(json, 'retry_after')
  const ms =
    pauseMs(typeof inBody === 'number' ? inBody : undefined) ?? pauseMs(headers['retry-after']) ?? 1_000
  const isGlobal =
    valueAt(json, 'global') === true || headers['x-ratelimit-global'] === 'true' || inBody === undefined
  return {
    status: 'retry',
    afterMs: ms,
    counts: false,
    reason,
    pauses: [{ name: isGlobal ? globalScope : window, ms }],
  }
}

/** "10,000 invalid requests": 401, 403 and 429, save those that are shared with other bots. */
function isInvalid({ status, headers }: Answer): boolean {
  return status === 401 || status === 403 || (status === 429 && headers['x-ratelimit-scope'] !== 'shared')
}

function learnedFrom({ headers }: Answer, { window }: Pick<SendRoute, 'window'>): LearnedWindow | undefined {
  const remaining = Number(headers['x-ratelimit-remaining'] || Number.NaN)
  const resetMs = pauseMs(headers['x-ratelimit-reset-after'])
  if (!Number.isSafeInteger(remaining) || remaining < 0 || resetMs === undefined) return undefined
  const bucket = headers['x-ratelimit-bucket']
  return { name: window, remaining, resetMs, ...(bucket && { bucket }) }
}

/** Discord's sentences are its own, and name nobody. */
function reasonOf({ status, body }: Answer): string {
  const said = textAt(jsonOf(body), 'message')
    ?.replace(/\p{C}+/gu, ' ')
    .slice(0, 100)
  const code = codeOf({ body })
  return [`answered ${status}`, code && `code ${code}`, said].filter(part => part).join(': ')
}
