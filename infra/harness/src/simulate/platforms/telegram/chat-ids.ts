/*
 * Seven of ten chats are private, two are supergroups and one is a group, spread over the popularity so that
 * busy and quiet ones are of every kind. The offsets lie where Telegram's own ids do.
 */
const firstPrivate = 5_812_000_000
const firstGroup = -4_100_000
const firstSupergroup = -1_001_700_000_000

/** Telegram's id of the chat of this number. */
export function chatIdOf(chat: number): number {
  const kind = chat % 10
  if (kind === 4) return firstGroup - chat
  if (kind === 2 || kind === 7) return firstSupergroup - chat
  return firstPrivate + chat
}

/** The reverse of {@link chatIdOf}; undefined for an id that it never gives. */
export function chatOfId(id: number): number | undefined {
  const chat = id > 0 ? id - firstPrivate : id > firstSupergroup / 2 ? firstGroup - id : firstSupergroup - id
  return Number.isSafeInteger(chat) && chat >= 0 && chatIdOf(chat) === id ? chat : undefined
}
