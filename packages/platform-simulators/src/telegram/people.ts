import type { Chat, User } from '@grammyjs/types'

const firstNames = ['Ada', 'Jörg', 'Zoë', 'Мария', '小明', 'فاطمة', 'Ngọc', 'O’Neil', 'Sam 🚀', 'Ivana']
const lastNames = ['Lovelace', 'Ünal', 'Соколова', '王', 'Silva', 'de la Cruz']
const languages = ['en', 'de', 'ru', 'zh-hans', 'ar', 'pt-br', 'es']

/** The user of this id: always the same name, language and, for most, user name. */
export function userOf(id: number): User {
  return {
    id,
    is_bot: false,
    first_name: pick(firstNames, id),
    ...(id % 3 === 0 ? {} : { last_name: pick(lastNames, id) }),
    ...(id % 4 === 0 ? {} : { username: `user_${id}` }),
    language_code: pick(languages, id),
  }
}

/**
 * The chat of this id, by Telegram's numbering: positive private, from -1000000000000 down a supergroup,
 * other negatives a group.
 */
export function chatOf(id: number): Chat.PrivateChat | Chat.GroupChat | Chat.SupergroupChat {
  if (id > 0) {
    const { first_name, last_name, username } = userOf(id)
    return {
      id,
      type: 'private',
      first_name,
      ...(last_name === undefined ? {} : { last_name }),
      ...(username === undefined ? {} : { username }),
    }
  }
  if (id > -1_000_000_000_000) return { id, type: 'group', title: `Group ${-id}` }
  return { id, type: 'supergroup', title: `Supergroup ${-id - 1_000_000_000_000}` }
}

/** The channel of this id. */
export function channelOf(id: number): Chat.ChannelChat {
  return { id, type: 'channel', title: `Channel ${id}`, username: `channel_${Math.abs(id)}` }
}

function pick<T>(choices: readonly T[], id: number): T {
  return choices[Math.abs(id) % choices.length]!
}
