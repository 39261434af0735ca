import type { Update } from '@grammyjs/types'

/**
 * The queue in which Telegram keeps an update: it delivers one update of a queue at a time, so this is what
 * its order covers. Messages, edits, posts, reactions and the bot's own membership by chat; buttons, inline
 * and business traffic, members and join requests by user. Source: tdlib/telegram-bot-api, Client.cpp.
 */
export function queueIdOf(update: Update): string {
  const inChat =
    update.message ??
    update.edited_message ??
    update.channel_post ??
    update.edited_channel_post ??
    update.message_reaction ??
    update.message_reaction_count ??
    update.my_chat_member
  if (inChat !== undefined) return `chat ${inChat.chat.id}`
  const inBusiness = update.business_message ?? update.edited_business_message
  if (inBusiness !== undefined) return `business ${inBusiness.from?.id ?? inBusiness.chat.id}`
  const byMember = update.chat_member ?? update.chat_join_request
  if (byMember !== undefined) return `member ${byMember.from.id}`
  const byUser =
    update.callback_query ??
    update.inline_query ??
    update.chosen_inline_result ??
    update.shipping_query ??
    update.pre_checkout_query
  if (byUser !== undefined) return `user ${byUser.from.id}`
  return 'other'
}

/**
 * For how long Telegram tries to deliver an update, in seconds. Source: tdlib/telegram-bot-api, Client.cpp.
 */
export function lifeSecondsOf(update: Update): number {
  if (update.inline_query !== undefined) return 30
  if (update.callback_query ?? update.shipping_query ?? update.pre_checkout_query) return 150
  return 86_400
}
