/** Where the messages of a conversation go. */
export interface ChatPlace {
  readonly chat: string
  /** The connection of the business account in whose name the bot writes. */
  readonly business?: string | undefined
  /** The topic of a channel's direct messages: each person has one. */
  readonly topic?: string | undefined
}

/**
 * The key of a chat. A chat of a business account "is independent from any potential bot chat which might
 * share the same identifier" (Message.business_connection_id), and a channel's direct messages are one chat
 * for all who write to it.
 */
export function conversationOf(chat: number, business: string | undefined, topic?: number): string {
  if (business !== undefined) return `business:${business}:${chat}`
  return topic === undefined ? String(chat) : `direct:${chat}:${topic}`
}

/**
 * A conversation where there is no chat: the prefix cannot be taken for a chat id, which is digits and
 * perhaps a minus.
 */
export function userConversation(user: { id: number }): string {
  return `user:${user.id}`
}

const chatAlone = /^(?:user:)?(-?\d{1,20})$/
const businessChat = /^business:(.+):(-?\d{1,20})$/s
const directTopic = /^direct:(-?\d{1,20}):(\d{1,20})$/

/** The reverse; a user's private chat has the user's id; polls and the bot as a whole have none. */
export function placeOfConversation(conversation: string): ChatPlace | undefined {
  const alone = chatAlone.exec(conversation)
  if (alone) return { chat: alone[1]! }
  const business = businessChat.exec(conversation)
  if (business) return { chat: business[2]!, business: business[1]! }
  const direct = directTopic.exec(conversation)
  return direct ? { chat: direct[1]!, topic: direct[2]! } : undefined
}
