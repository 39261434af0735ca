import type { ConversationKey, InboundUpdate, UpdateKind } from '@botyard/queue-contracts'

/** Counts answers to other bots, so that two bots do not answer each other for ever. */
export interface ReplyLoops {
  /** A person's update ends what may have looked like a loop. */
  saw(conversation: ConversationKey, update: Pick<InboundUpdate, 'kind' | 'fromBot'>): void
  /**
   * Whether an answer to this update would be one too many; counts it if not, and forgets the conversation if
   * so.
   */
  isOneTooMany(
    conversation: ConversationKey,
    update: Pick<InboundUpdate, 'fromBot'>,
    limit: number | null | undefined,
  ): boolean
}

/** Answers in a row when the bot's settings say nothing. */
const defaultLimit = 30

/** Conversations that are remembered: of more, the ones that were answered longest ago are forgotten. */
const mostConversations = 10_000

/** Bots that take longer from answer to answer harm nobody, and alerts that a bot answers come for ever. */
const forgottenAfterMs = 60 * 60_000

/** What people do; a delivery receipt (`status`) comes in a loop too. */
const byPeople: ReadonlySet<UpdateKind> = new Set<UpdateKind>([
  ...(['message', 'edit', 'command', 'button'] as const),
  ...(['reaction', 'modal', 'autocomplete', 'stop'] as const),
])

/** In the memory of this process, since asking Redis would cost every update of every bot a call. */
export function createReplyLoops(): ReplyLoops {
  const answers = new Map<ConversationKey, { count: number; lastMs: number }>()

  return {
    saw(conversation, { kind, fromBot }) {
      if (answers.size > 0 && fromBot !== true && byPeople.has(kind)) answers.delete(conversation)
    },
    isOneTooMany(conversation, { fromBot }, limit = defaultLimit) {
      if (fromBot !== true || limit === null) return false
      const now = performance.now()
      const known = answers.get(conversation)
      const before = known !== undefined && now - known.lastMs < forgottenAfterMs ? known.count : 0
      answers.delete(conversation)
      if (before >= limit) return true
      answers.set(conversation, { count: before + 1, lastMs: now })
      if (answers.size > mostConversations) answers.delete(answers.keys().next().value!)
      return false
    },
  }
}
