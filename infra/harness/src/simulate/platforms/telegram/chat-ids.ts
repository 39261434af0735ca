/*
 * Seven of ten chats are private, two are supergroups and one is a group, spread over the popularity so that busy and
 * quiet ones are of every kind. The offsets lie where Telegram's own ids do.
 */
const PRIVATE = 5_812_000_000
const GROUP = -4_100_000
const SUPERGROUP = -1_001_700_000_000

/** Telegram's id of the chat of this number. */
export function chatIdOf(chat: number): number {
  const kind = chat % 10
  if (kind === 4) return GROUP - chat
  if (kind === 2 || kind === 7) return SUPERGROUP - chat
  return PRIVATE + chat
}

/** The reverse of {@link chatIdOf}; undefined for an id that it never gives. */
export function chatOfId(id: number): number | undefined {
  const chat = id > 0 ? id - PRIVATE : id > SUPERGROUP / 2 ? GROUP - id : SUPERGROUP - id
  return Number.isSafeInteger(chat) && chat >= 0 && chatIdOf(chat) === id ? chat : undefined
}
