import type { Message, User, UserFromGetMe, WebhookInfo } from '@grammyjs/types'
import type { BotApiParameters } from './bot-api-parameters.ts'
import { BotApiError } from './errors.ts'
import { channelOf, chatOf } from './people.ts'

/** What the methods of one bot work on. */
export interface BotApiState {
  readonly bot: User
  /** The last message id given out per chat. */
  readonly messageIds: Map<string, number>
  /** Set by setWebhook. */
  webhook: { url: string; secretToken: string | undefined; maxConnections: number } | undefined
}

type Method = (parameters: BotApiParameters, state: BotApiState) => unknown

/** The methods that the simulator knows, under lower-case names since the real server ignores case. */
export const botApiMethods: Readonly<Record<string, Method>> = {
  getme,
  sendmessage,
  setwebhook,
  deletewebhook,
  getwebhookinfo,
}

/** The chat of a call as text, undefined when it names none. */
export function chatIdOf(parameters: BotApiParameters): string | undefined {
  const { chat_id } = parameters
  return typeof chat_id === 'number' || (typeof chat_id === 'string' && chat_id !== '')
    ? String(chat_id)
    : undefined
}

function getme(_: BotApiParameters, { bot }: BotApiState): UserFromGetMe {
  return {
    ...bot,
    is_bot: true,
    username: bot.username ?? 'bot',
    can_join_groups: true,
    can_read_all_group_messages: false,
    can_manage_bots: false,
    supports_inline_queries: false,
    supports_join_request_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
    allows_users_to_create_topics: false,
  }
}

function sendmessage(parameters: BotApiParameters, state: BotApiState): Message.TextMessage {
  const chatId = chatIdOf(parameters)
  if (chatId === undefined) throw new BotApiError(400, 'Bad Request: chat_id is empty')
  if (!/^(-?\d{1,16}|@\w{4,32})$/.test(chatId)) throw new BotApiError(400, 'Bad Request: chat not found')
  const { text } = parameters
  if (typeof text !== 'string' || text.trim() === '')
    throw new BotApiError(400, 'Bad Request: message text is empty')
  // Characters are code points; the cheap comparison comes first because code units are never fewer.
  if (text.length > 4096 && [...text].length > 4096)
    throw new BotApiError(400, 'Bad Request: message is too long')

  const messageId = (state.messageIds.get(chatId) ?? 1_000_000) + 1
  state.messageIds.set(chatId, messageId)
  const chat = chatId.startsWith('@')
    ? { ...channelOf(-1_001_000_000_000), username: chatId.slice(1) }
    : chatOf(Number(chatId))
  return { message_id: messageId, from: state.bot, chat, date: Math.floor(Date.now() / 1000), text }
}

function setwebhook(parameters: BotApiParameters, state: BotApiState): true {
  const { url, secret_token: secret, max_connections: connections } = parameters
  if (secret !== undefined && !/^[\w-]{1,256}$/.test(String(secret))) {
    throw new BotApiError(400, 'Bad Request: secret token contains unallowed characters')
  }
  const secretToken = secret === undefined ? undefined : String(secret)
  state.webhook = url
    ? { url: String(url), secretToken, maxConnections: Number(connections ?? 40) }
    : undefined
  return true
}

function deletewebhook(_: BotApiParameters, state: BotApiState): true {
  state.webhook = undefined
  return true
}

function getwebhookinfo(_: BotApiParameters, { webhook }: BotApiState): WebhookInfo {
  const info = { url: webhook?.url ?? '', has_custom_certificate: false, pending_update_count: 0 }
  return webhook === undefined ? info : { ...info, max_connections: webhook.maxConnections }
}
