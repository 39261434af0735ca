import type { OutboundMessage } from '@botyard/queue-contracts'
import type { BotApiCall } from './bot-api.ts'
import { placeOfConversation } from './conversation.ts'
import { queryOfMethod } from './queries.ts'

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
      return addressed(callOfGuestReply(message) ?? callOfNative(message, 'sendMessage'), message)
  }
}

/** A chat where the bot is a guest takes no message of it, but one answer to the query. */
function callOfGuestReply({ text = '', native, route }: TelegramMessage): BotApiCall | undefined {
  const query = route?.guest_query_id
  if (query === undefined || native !== undefined) return undefined
  const content = { message_text: text }
  const result = { type: 'article', id: '1', title: text.slice(0, 64), input_message_content: content }
  return { method: 'answerGuestQuery', parameters: { guest_query_id: query, result } }
}

/** A native message names its method in `method`, and its parameters are the rest. */
function callOfNative({ text, native, route }: TelegramMessage, defaultMethod: string): BotApiCall | string {
  if (native === undefined) return { method: defaultMethod, parameters: { text: text ?? '' } }
  const { method = defaultMethod, ...parameters } = native
  if (typeof method !== 'string' || !methodName.test(method)) {
    return 'method is no name of a Bot API method, such as sendPhoto'
  }
  // A query is answered by its id, which the update has.
  const id = queryOfMethod(method)?.id
  const known = id === undefined ? undefined : route?.[id]
  return { method, parameters: known === undefined ? parameters : { [id!]: known, ...parameters } }
}

function callOfEdit(message: TelegramMessage): BotApiCall | string {
  const call = callOfNative(message, 'editMessageText')
  if (typeof call === 'string') return call
  const { parameters } = call
  if ('message_id' in parameters || 'inline_message_id' in parameters) return addressed(call, message)
  const {
    inline_message_id: inline,
    ephemeral_message_id: ephemeral,
    receiver_user_id: receiver,
  } = message.route ?? {}
  if (message.message === undefined) {
    // A message sent by way of another chat's inline query: the bot knows it by this id alone.
    if (inline !== undefined) return { ...call, parameters: { inline_message_id: inline, ...parameters } }
    if (ephemeral !== undefined && receiver !== undefined) {
      const method = call.method.replace(/^editMessage/i, 'editEphemeralMessage')
      const ids = { receiver_user_id: Number(receiver), ephemeral_message_id: Number(ephemeral) }
      return addressed({ method, parameters: { ...ids, ...parameters } }, message)
    }
  }
  const id = message.message ?? message.route?.message
  if (id === undefined || !/^\d{1,15}$/.test(id)) return 'name the message to edit by its message_id'
  return addressed({ ...call, parameters: { message_id: Number(id), ...parameters } }, message)
}

/** Adds the chat, and the topic or business account in it, to what does not say itself where it goes. */
function addressed(call: BotApiCall | string, { conversation, route }: TelegramMessage): BotApiCall | string {
  if (typeof call === 'string') return call
  const { method, parameters } = call
  // Answers to queries go by the query's id.
  if ('chat_id' in parameters || 'inline_message_id' in parameters || method.startsWith('answer')) return call
  const place = placeOfConversation(conversation)
  if (place === undefined) return 'the update names no chat to answer in'
  const edits = /^edit/i.test(method)
  const thread = edits ? undefined : route?.message_thread_id
  const business = place.business ?? route?.business_connection_id
  const topic = place.topic ?? route?.direct_messages_topic_id
  const receiver = edits ? undefined : route?.receiver_user_id
  return {
    method,
    parameters: {
      chat_id: Number(place.chat),
      ...(thread !== undefined && { message_thread_id: Number(thread) }),
      ...(business !== undefined && { business_connection_id: business }),
      ...(topic !== undefined && { direct_messages_topic_id: Number(topic) }),
      ...(receiver !== undefined && { ephemeral_message_parameters: onlyFor(receiver, route) }),
      ...parameters,
    },
  }
}

/** What only one user saw is answered so that nobody else does. */
function onlyFor(receiver: string, route: TelegramMessage['route']): object {
  const query = route?.callback_query_id
  return { receiver_user_id: Number(receiver), ...(query !== undefined && { callback_query_id: query }) }
}
