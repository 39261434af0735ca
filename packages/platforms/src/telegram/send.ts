import type { SendOptions } from '../adapter.ts'
import { notSent } from '../send/not-sent.ts'
import { resultOfStatus } from '../send/result-of-status.ts'
import type { SendResult } from '../send/send-result.ts'
import { type BotApiCall, type BotApiReply, type BotOf, callBotApi } from './bot-api.ts'
import { callOfMessage, type TelegramMessage } from './call-of-message.ts'
import { bulkScope } from './limits.ts'

/**
 * Refusals of 400 that are about the chat and not the message (Bot API server, `Client.cpp`; Telegram's own
 * errors).
 */
const unreachable =
  /chat not found|user not found|PEER_ID_INVALID|USER_IS_BLOCKED|not enough rights|have no rights|administrator rights|CHAT_WRITE_FORBIDDEN|CHAT_RESTRICTED|chat was deactivated|message thread not found|TOPIC_(?:CLOSED|DELETED)/i

/** An edit that changes nothing, such as one sent a second time: what was asked for is so. */
const unchanged = /message is not modified/i

/** The client no longer waits. */
const tooLate = /query is too old/i

/** Sends, edits or shows "is typing"; to a group that became a supergroup it follows once. Never throws. */
export async function sendTelegram(
  message: TelegramMessage,
  bot: BotOf,
  options: SendOptions,
): Promise<SendResult> {
  const call = callOfMessage(message)
  if (typeof call === 'string') return notSent(call)
  const first = await callBotApi(call, bot, options)
  if (first.state !== 'refused' || first.migratedTo === undefined) return resultOf(first, message, call)
  return resultOf(await callBotApi(movedTo(first.migratedTo, call), bot, options), message, call)
}

function movedTo(chat: number, { method, parameters }: BotApiCall): BotApiCall {
  return { method, parameters: { ...parameters, chat_id: chat } }
}

function resultOf(reply: BotApiReply, { broadcast }: TelegramMessage, call: BotApiCall): SendResult {
  if (reply.state === 'unclear') return reply.result
  if (reply.state === 'accepted') return sentAs(reply.result)
  const { status, afterMs, reason, description } = reply
  switch (status) {
    case 400:
      if (unchanged.test(description) || (tooLate.test(description) && saysNothing(call)))
        return { status: 'sent' }
      return { status: 'failed', blame: unreachable.test(description) ? 'recipient' : 'message', reason }
    case 401:
      return { status: 'failed', blame: 'credentials', reason }
    case 403:
      return { status: 'failed', blame: 'recipient', reason }
    case 429: {
      // Telegram does not say what was too much. In a reply's chat it is the chat; a broadcast has been too
      // fast as a whole.
      const pauses = broadcast && afterMs !== undefined && { pauses: [{ name: bulkScope, ms: afterMs }] }
      return { status: 'retry', afterMs, counts: false, reason, ...pauses }
    }
    default:
      return resultOfStatus(status, afterMs, reason)
  }
}

/** Whether an answer only ends the waiting: once that has ended by itself, nothing is lost. */
function saysNothing({ method, parameters }: BotApiCall): boolean {
  const { text, url, results } = parameters
  if (method === 'answerInlineQuery') return Array.isArray(results) && results.length === 0
  return method === 'answerCallbackQuery' && text === undefined && url === undefined
}

/**
 * The id of a sent message; of an album that of its first; 0 is none (what one user alone sees); other
 * methods answer otherwise.
 */
function sentAs(result: unknown): SendResult {
  const first: unknown = Array.isArray(result) ? result[0] : result
  const id =
    typeof first === 'object' && first !== null && 'message_id' in first ? first.message_id : undefined
  return typeof id === 'number' && id !== 0 ? { status: 'sent', messageId: String(id) } : { status: 'sent' }
}
