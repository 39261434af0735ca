import type { BotId, ConversationKey } from '@botyard/queue-contracts'
import type { ControlDatabase } from './database/control-database.ts'

/** An update that its bot's poison policy skipped, without its content. */
export interface DeadLetterProfile {
  /** Names the same death every time it is copied. */
  readonly id: string
  readonly bot: BotId
  readonly conversation: ConversationKey
  /** A stable code, never a text that could quote the user. */
  readonly reason: string
  readonly tries: number
  readonly acceptedAt: Date
  readonly diedAt: Date
}

/** A dead letter with its update, encrypted as it lay in the mailbox. */
export interface DeadLetter extends DeadLetterProfile {
  readonly envelope: Buffer
  /** What the handler threw last, sealed under `letterErrorContext(id)`; absent if no handler threw. */
  readonly error?: Buffer | undefined
}

/** The dead letters in the control database. */
export interface DeadLetterStore {
  /** Copies letters; one that is there already stays as it is, so a mover may repeat itself. */
  insert(letters: readonly DeadLetter[]): Promise<void>
  /** The newest letters, of one bot or of all, without their envelopes. */
  list(options: { bot?: BotId; limit: number }): Promise<DeadLetterProfile[]>
  /** Deletes letters of updates that died before a time; returns how many. */
  prune(olderThan: Date): Promise<number>
}

/** The dead_letters table of the control database. */
export function createDeadLetterStore(db: ControlDatabase): DeadLetterStore {
  return {
    async insert(letters) {
      if (letters.length === 0) return
      const rows = letters.map(letter => ({
        id: letter.id,
        bot: letter.bot,
        conversation: letter.conversation,
        reason: letter.reason,
        envelope: letter.envelope,
        error: letter.error ?? null,
        tries: letter.tries,
        accepted_at: letter.acceptedAt,
        died_at: letter.diedAt,
      }))
      await db
        .insertInto('dead_letters')
        .values(rows)
        .onConflict(oc => oc.column('id').doNothing())
        .execute()
    },

    async list({ bot, limit }) {
      const rows = await db
        .selectFrom('dead_letters')
        .select(['id', 'bot', 'conversation', 'reason', 'tries', 'accepted_at', 'died_at'])
        .$if(bot !== undefined, query => query.where('bot', '=', bot as BotId))
        .orderBy('died_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(row => ({
        id: row.id,
        bot: row.bot,
        conversation: row.conversation as ConversationKey,
        reason: row.reason,
        tries: row.tries,
        acceptedAt: row.accepted_at,
        diedAt: row.died_at,
      }))
    },

    async prune(olderThan) {
      const { numDeletedRows } = await db
        .deleteFrom('dead_letters')
        .where('died_at', '<', olderThan)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
