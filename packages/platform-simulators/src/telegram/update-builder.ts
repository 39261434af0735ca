import type {
  CallbackQuery,
  Chat,
  ChatMemberUpdated,
  Message,
  MessageEntity,
  Update,
  User,
} from '@grammyjs/types'
import { channelOf, chatOf, userOf } from './people.ts'

/**
 * Who says what where; a chat id says by its sign what kind of chat it is, and in a private chat who speaks.
 */
export interface Said {
  chat: number
  text: string
  /** The speaker's user id in a group; default one that follows from the chat. */
  from?: number
}

/** Makes the updates that a bot's users cause, as Telegram words them, under ascending update ids. */
export interface UpdateBuilder {
  /** A text message; a leading `/command` is marked as one. */
  message(said: Said): Update & { message: Message.TextMessage }
  /** The sender changes the text of an earlier message. */
  editedMessage(original: Message.TextMessage, text: string): Update
  /** A photo, with or without a caption. */
  photo(said: { chat: number; caption?: string; from?: number }): Update
  channelPost(said: { chat: number; text: string }): Update
  /** Somebody presses a button under a message of the bot; the data is at most 64 bytes. */
  callbackQuery(pressed: { chat: number; data: string; from?: number }): Update
  reaction(given: { chat: number; emoji: '👍' | '❤' | '🔥'; messageId: number; from?: number }): Update
  inlineQuery(asked: { from: number; query: string }): Update
  /** The user blocks the bot (private chat) or an administrator removes it (group). */
  botRemoved(where: { chat: number; from?: number }): Update
}

/**
 * Creates a builder; `firstUpdateId` defaults to a nine-digit number as real ones are, `now` (ms) to the
 * clock.
 */
export function createUpdateBuilder(
  options: { firstUpdateId?: number; now?: () => number; bot?: User } = {},
): UpdateBuilder {
  const { firstUpdateId = 731_204_000, now = Date.now, bot = simulatedBot } = options
  let nextUpdateId = firstUpdateId
  const lastMessageIds = new Map<number, number>()

  const date = () => Math.floor(now() / 1000)
  const speaker = (chat: number, from?: number) =>
    userOf(from ?? (chat > 0 ? chat : 5_000_000_000 - (chat % 1_000_000)))
  const messageId = (chat: number) => {
    const id = (lastMessageIds.get(chat) ?? 0) + 1
    lastMessageIds.set(chat, id)
    return id
  }
  const base = (chat: number, from?: number) => ({
    message_id: messageId(chat),
    from: speaker(chat, from),
    chat: chatOf(chat),
    date: date(),
  })
  const update = <T extends Omit<Update, 'update_id'>>(content: T) => ({
    update_id: nextUpdateId++,
    ...content,
  })

  return {
    message({ chat, text, from }) {
      const entities = entitiesOf(text)
      return update({ message: { ...base(chat, from), text, ...(entities.length > 0 ? { entities } : {}) } })
    },
    editedMessage(original, text) {
      const chat = original.chat as Exclude<Chat, Chat.ChannelChat>
      return update({
        edited_message: {
          ...original,
          chat,
          from: original.from ?? speaker(chat.id),
          text,
          edit_date: date(),
        },
      })
    },
    photo({ chat, caption, from }) {
      const sizes = [90, 320, 800].map(width => ({
        file_id: `AgACAgIAAxkBAAI${chat}x${width}`,
        file_unique_id: `AQAD${Math.abs(chat)}${width}`,
        width,
        height: Math.round(width * 0.75),
        file_size: width * 100,
      }))
      return update({
        message: { ...base(chat, from), photo: sizes, ...(caption === undefined ? {} : { caption }) },
      })
    },
    channelPost({ chat, text }) {
      const post = { message_id: messageId(chat), chat: channelOf(chat), date: date(), text }
      return update({ channel_post: { ...post, sender_chat: channelOf(chat) } })
    },
    callbackQuery({ chat, data, from }) {
      const query: CallbackQuery = {
        id: String(4_382_991_100_000_000_000n + BigInt(nextUpdateId)), // int64, hence a string
        from: speaker(chat, from),
        message: { message_id: messageId(chat), from: bot, chat: chatOf(chat), date: date(), text: 'Choose' },
        chat_instance: String(-7_400_210_000_000_000_000n - BigInt(Math.abs(chat) % 1000)),
        data,
      }
      return update({ callback_query: query })
    },
    reaction({ chat, emoji, messageId: to, from }) {
      const given = [{ type: 'emoji' as const, emoji }]
      const where = { chat: chatOf(chat), message_id: to, user: speaker(chat, from), date: date() }
      return update({ message_reaction: { ...where, old_reaction: [], new_reaction: given } })
    },
    inlineQuery({ from, query }) {
      return update({
        inline_query: {
          id: String(9_223_000_000_000_000_000n + BigInt(from % 1000)),
          from: userOf(from),
          query,
          offset: '',
        },
      })
    },
    botRemoved({ chat, from }) {
      const removed: ChatMemberUpdated = {
        chat: chatOf(chat),
        from: speaker(chat, from),
        date: date(),
        old_chat_member: { status: 'member', user: bot },
        new_chat_member:
          chat > 0 ? { status: 'kicked', user: bot, until_date: 0 } : { status: 'left', user: bot },
      }
      return update({ my_chat_member: removed })
    },
  }
}

/** The bot that the simulator plays Telegram for, unless told otherwise. */
export const simulatedBot: User = {
  id: 7_100_000_001,
  is_bot: true,
  first_name: 'Echo',
  username: 'echo_yard_bot',
}

/** Offsets and lengths count UTF-16 code units, as JavaScript does. */
function entitiesOf(text: string): MessageEntity[] {
  return Array.from(text.matchAll(/(?<=^|\s)\/[a-z0-9_]{1,32}(@\w+)?/gi), match => ({
    type: 'bot_command',
    offset: match.index,
    length: match[0].length,
  }))
}
