import type { BotId } from './bot-settings.ts'

/**
 * The name of a conversation in Redis, logs and jobs: `<bot id>/<22 characters>`, where the characters are
 * the base64url of a 128-bit HMAC over platform, bot and the platform's own chat id. The chat id cannot be
 * read from it.
 */
export type ConversationKey = `${string}/${string}`

/** Joins a bot id and a keyed hash to a conversation's name. */
export function conversationKey(bot: BotId, hash: string): ConversationKey {
  return `${bot}/${hash}`
}

/** The bot that a conversation belongs to. */
export function botOf(conversation: ConversationKey): BotId {
  return conversation.slice(0, conversation.indexOf('/'))
}
