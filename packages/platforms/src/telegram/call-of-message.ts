import type { OutboundMessage } from '@botyard/queue-contracts'
import type { BotApiCall } from './bot-api.ts'

/** A message as far as it says which method is to be called. */
export type TelegramMessage = Pick<
  OutboundMessage,
  'conversation' | 'action' | 'text' | 'native' | 'message' | 'route' | 'broadcast'
>

/** The names of the Bot API's methods: they end in the url, so nothing else may. */
const methodName = /^[A-Za-z]{3,64}$/

/** The call that sends a message, or a sentence why there is none. */
export function callOfMessage(message: TelegramMessage): BotApiCall | string {
  switch (message.action) {
    case 'typing':
      return addressed({ method: 'sendChatAction', parameters: { action: 'typing' } }, message)
    case 'edit':
      return callOfEdit(message)
    default:
      return addressed(callOfNative(message, 'sendMessage'), message)
  }
}

/** The chat a conversation is: a user's private chat has the user's id; polls and the bot as a whole have none. */
export function chatOf(conversation: string): string | undefined {
  return /^(?:user:)?(-?\d+)$/.exec(conversation)?.[1]
}

/** A native message names its method in `method`, and its parameters are the rest. */
function callOfNative({ text, native }: TelegramMessage, defaultMethod: string): BotApiCall | string {
  if (native === undefined) return { method: defaultMethod, parameters: { text: text ?? '' } }
  const { method = defaultMethod, ...parameters } = native
  if (typeof method === 'string' && methodName.test(method)) return { method, parameters }
  return 'not sent: method is no name of a Bot API method, such as sendPhoto'
}

function callOfEdit(message: TelegramMessage): BotApiCall | string {
  const call = callOfNative(message, 'editMessageText')
  if (typeof call === 'string') return call
  const { parameters } = call
  if ('message_id' in parameters || 'inline_message_id' in parameters) return addressed(call, message)
  const inline = message.route?.inline_message_id
  // A message sent by way of another chat's inline query: the bot knows it by this id alone.
  if (message.message === undefined && inline !== undefined) {
    return { ...call, parameters: { inline_message_id: inline, ...parameters } }
  }
  const id = message.message ?? message.route?.message
  if (id === undefined || !/^\d{1,15}$/.test(id)) return 'not sent: name the message to edit by its message_id'
  return addressed({ ...call, parameters: { message_id: Number(id), ...parameters } }, message)
}

/** Adds the chat, and the topic or business account in it, to what does not say itself where it goes. */
function addressed(call: BotApiCall | string, { conversation, route }: TelegramMessage): BotApiCall | string {
  if (typeof call === 'string') return call
  const { method, parameters } = call
  // Answers to queries go by the query's id.
  if ('chat_id' in parameters || 'inline_message_id' in parameters || method.startsWith('answer')) return call
  const chat = chatOf(conversation)
  if (chat === undefined) return 'not sent: the update names no chat to answer in'
  const topic = method.startsWith('edit') ? undefined : route?.message_thread_id
  const business = route?.business_connection_id
  return {
    method,
    parameters: {
      chat_id: Number(chat),
      ...(topic !== undefined && { message_thread_id: Number(topic) }),
      ...(business !== undefined && { business_connection_id: business }),
      ...parameters,
    },
  }
}
