import type { NetworkOptions, PollResult } from '../adapter.ts'
import { membersOf } from '../json/json-members.ts'
import { type BotApiReply, type BotOf, callBotApi } from './bot-api.ts'

/**
 * How long Telegram may hold the call open while there is nothing; below the minute after which proxies cut
 * idle calls.
 */
const waitS = 25

/**
 * What is silent for so much longer will not answer: a connection that died without a word must not hold a
 * bot up, whose lease keeps other gateways from asking instead.
 */
const lateMs = 10_000

/**
 * A hundred updates are a page; each may hold a message of 4,096 characters, what it answers, and what they
 * quote.
 */
const page = 100
const maxPageBytes = 16 * 1024 * 1024

/** The pause without an answer, and the one after an error that the operator has to mend first. */
const shortPauseMs = 1000
const longPauseMs = 5000

/** Asks for updates by getUpdates; asking with an offset confirms all before it. Never throws. */
export async function pollTelegram(
  bot: BotOf,
  offset: string | undefined,
  network: NetworkOptions,
  silenceMs = waitS * 1000 + lateMs,
): Promise<PollResult> {
  const parameters = { timeout: waitS, limit: page, ...(offset !== undefined && { offset: Number(offset) }) }
  const reply = await callBotApi({ method: 'getUpdates', parameters }, bot, network, {
    ...{ maxAnswerBytes: maxPageBytes, silenceMs },
  })
  if (reply.state !== 'accepted') return pause(reply)
  const ids = Array.isArray(reply.result) ? reply.result.map(idOf) : [undefined]
  const last = ids.at(-1)
  if (ids.includes(undefined)) {
    return { status: 'retry', afterMs: longPauseMs, reason: 'the answer is not as the Bot API gives it' }
  }
  return {
    status: 'updates',
    bodies: elementsOfResult(Buffer.from(reply.body)),
    next: last === undefined ? offset : String(last + 1),
  }
}

/** The bytes of each update as they came; a webhook's body would be these. */
function elementsOfResult(answer: Buffer): Buffer[] {
  // Of a name given twice the last counts, as for JSON.parse.
  const result = membersOf(answer).findLast(({ name }) => name === 'result')
  return result ? membersOf(answer, result.start).map(({ start, end }) => answer.subarray(start, end)) : []
}

function idOf(update: unknown): number | undefined {
  const id =
    typeof update === 'object' && update !== null && 'update_id' in update ? update.update_id : undefined
  return Number.isSafeInteger(id) ? (id as number) : undefined
}

function pause(reply: Exclude<BotApiReply, { state: 'accepted' }>): PollResult {
  if (reply.state === 'unclear')
    return { status: 'retry', afterMs: shortPauseMs, reason: reply.result.reason }
  const { status, reason, afterMs = shortPauseMs } = reply
  switch (status) {
    // An unknown token is 401, one that cannot be a token 404.
    case 401:
    case 404:
      return { status: 'retry', afterMs: longPauseMs, reason, blame: 'credentials' }
    case 409:
      return {
        status: 'retry',
        afterMs: longPauseMs,
        reason: `${reason}. Delete the bot's webhook, or stop whoever else asks for its updates`,
      }
    default:
      return { status: 'retry', afterMs, reason }
  }
}
