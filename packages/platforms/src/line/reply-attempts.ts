/** Messages that are remembered; a token lives for a minute, and few of its calls stay without an answer. */
const maxMessages = 10_000

const unanswered = new Set<string>()

/**
 * Which messages this process has tried to send by a reply token without learning what came of it: no answer,
 * or a 5xx, after which LINE may have sent it all the same.
 */
export const replyAttempts = {
  remember(message: string): void {
    if (unanswered.size >= maxMessages) unanswered.clear()
    unanswered.add(message)
  },
  /** Whether there was such a try; it is forgotten. */
  take: (message: string): boolean => unanswered.delete(message),
}
