import { type Static, type TObject, Type } from 'typebox'
import { conversationOf } from './conversation.ts'
import { Id, maybeId, maybeRef, maybeText, type Parts, Ref } from './facts.ts'

/** The fields that say in which conversation a message stands. */
export const messagePlace = {
  chat: Ref,
  is_topic_message: Type.Optional(Type.Boolean()),
  message_thread_id: maybeId,
  business_connection_id: maybeText,
  direct_messages_topic: Type.Optional(Type.Object({ topic_id: Id, user: maybeRef })),
  ephemeral_message_id: maybeId,
}
type MessagePlace = Static<TObject<typeof messagePlace>>

/** The conversation of a message. */
export function conversationOfMessage({
  chat,
  business_connection_id,
  direct_messages_topic,
}: MessagePlace): string {
  return conversationOf(chat.id, business_connection_id, direct_messages_topic?.topic_id)
}

/**
 * What an answer needs to go where the message stands; undefined for most messages. Only topics take messages
 * by their thread; the threads of replies in other groups have ids too, and take none. What only one user
 * sees (`viewer`) is answered so that only this user sees it.
 */
export function routeOfMessage(message: MessagePlace, viewer: { id: number } | undefined): Parts | undefined {
  const { is_topic_message, business_connection_id, direct_messages_topic, ephemeral_message_id } = message
  const isTopic = is_topic_message && direct_messages_topic === undefined
  if (!isTopic && (business_connection_id ?? direct_messages_topic ?? ephemeral_message_id) === undefined)
    return undefined
  return {
    message_thread_id: isTopic ? message.message_thread_id?.toString() : undefined,
    business_connection_id,
    direct_messages_topic_id: direct_messages_topic?.topic_id.toString(),
    ephemeral_message_id: ephemeral_message_id?.toString(),
    receiver_user_id: ephemeral_message_id === undefined ? undefined : viewer?.id.toString(),
  }
}
