import type { BotId, ConversationKey } from '@botyard/queue-contracts'
import type { ExpressionBuilder } from 'kysely'
import type { ControlDatabase } from './database/control-database.ts'
import type { ControlSchema } from './database/control-schema.ts'
import { deleteInBatches } from './database/delete-in-batches.ts'

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

/** Which letters are meant: these, or the oldest of a bot, all or of one reason. */
export type DeadLetterChoice =
  | { readonly id: string }
  | { readonly bot: BotId; readonly reason?: string | undefined; readonly limit: number }

/** The dead letters in the control database. */
export interface DeadLetterStore {
  /**
   * Copies letters; a mover may repeat itself. Of two deaths of one entry, which was taken again in between,
   * the later one stays.
   */
  insert(letters: readonly DeadLetter[]): Promise<void>
  /** The newest letters, of one bot or of all, without their envelopes. */
  list(options: { bot?: BotId; limit: number }): Promise<DeadLetterProfile[]>
  /** Letters with their envelopes, by when they were accepted: the order in which they came. */
  find(choice: DeadLetterChoice): Promise<DeadLetter[]>
  /** How many letters a bot has, of one reason or of all. */
  count(of: { bot: BotId; reason?: string | undefined }): Promise<number>
  /** Deletes these deaths; another death of the same update stays. Returns how many. */
  remove(deaths: readonly Pick<DeadLetter, 'id' | 'diedAt'>[]): Promise<number>
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
        .onConflict(oc =>
          oc
            .column('id')
            .doUpdateSet(({ ref }) => ({
              reason: ref('excluded.reason'),
              envelope: ref('excluded.envelope'),
              error: ref('excluded.error'),
              tries: ref('excluded.tries'),
              died_at: ref('excluded.died_at'),
            }))
            .whereRef('dead_letters.died_at', '<', 'excluded.died_at'),
        )
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
      return rows.map(profileOf)
    },

    async find(choice) {
      const all = db.selectFrom('dead_letters').selectAll().orderBy('accepted_at').orderBy('id')
      const chosen =
        'id' in choice ? all.where('id', '=', choice.id) : all.where(isOf(choice)).limit(choice.limit)
      return (await chosen.execute()).map(row => ({
        ...profileOf(row),
        envelope: row.envelope,
        ...(row.error !== null && { error: row.error }),
      }))
    },

    async count(of) {
      const { n } = await db
        .selectFrom('dead_letters')
        .select(({ fn }) => fn.countAll<string>().as('n'))
        .where(isOf(of))
        .executeTakeFirstOrThrow()
      return Number(n)
    },

    async remove(deaths) {
      if (deaths.length === 0) return 0
      const { numDeletedRows } = await db
        .deleteFrom('dead_letters')
        .where(({ eb, or, and }) =>
          or(deaths.map(({ id, diedAt }) => and([eb('id', '=', id), eb('died_at', '=', diedAt)]))),
        )
        .executeTakeFirst()
      return Number(numDeletedRows)
    },

    prune: olderThan =>
      deleteInBatches(async limit => {
        const { numDeletedRows } = await db
          .deleteFrom('dead_letters')
          .where('id', 'in', eb =>
            eb
              .selectFrom('dead_letters')
              .select('id')
              .where('died_at', '<', olderThan)
              .orderBy('died_at')
              .limit(limit),
          )
          // One that died anew meanwhile stays.
          .where('died_at', '<', olderThan)
          .executeTakeFirst()
        return Number(numDeletedRows)
      }),
  }
}

/** The letters of a bot, of one reason or of all. */
function isOf({ bot, reason }: { bot: BotId; reason?: string | undefined }) {
  return ({ eb, and }: ExpressionBuilder<ControlSchema, 'dead_letters'>) =>
    and([eb('bot', '=', bot), ...(reason === undefined ? [] : [eb('reason', '=', reason)])])
}

interface ProfileRow {
  readonly id: string
  readonly bot: string
  readonly conversation: string
  readonly reason: string
  readonly tries: number
  readonly accepted_at: Date
  readonly died_at: Date
}

function profileOf(row: ProfileRow): DeadLetterProfile {
  return {
    id: row.id,
    bot: row.bot,
    conversation: row.conversation as ConversationKey,
    reason: row.reason,
    tries: row.tries,
    acceptedAt: row.accepted_at,
    diedAt: row.died_at,
  }
}
