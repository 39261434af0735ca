/** Chats whose refusals are remembered: far more than are over their rate at once. */
const maxChats = 10_000

/** Waits end at 4^5 s, 17 minutes: the longest debt, a burst of 45 at one each 6 s, is paid back in five. */
const longest = 5

const refusals = new Map<string, number>()

/**
 * How long a chat waits after error 131056, in ms: 4^X s, X counting its refusals in a row, as Meta asks for
 * ("Pair rate limits"). Each process counts its own, so another one begins at 1 s again, which costs a
 * refusal and no message.
 */
export function pairPauseMs(chat: string): number {
  const refused = refusals.get(chat) ?? 0
  if (refusals.size >= maxChats) refusals.clear()
  refusals.set(chat, Math.min(refused + 1, longest))
  return 4 ** refused * 1000
}

/** Forgets a chat's refusals: it has taken a message. */
export function pairAccepted(chat: string): void {
  refusals.delete(chat)
}
