import type { BotId } from '@botyard/queue-contracts'
import { sql } from 'kysely'
import type { ControlDatabase } from '../database/control-database.ts'

/** How broadcasts go: ended first, so that nobody sends from them, then page by page. */
export interface BroadcastRemovals {
  /** Removes one whose upload broke off: nothing of it was sent. */
  abandon(id: string): Promise<void>
  /** Removes broadcasts that ended before a time and uploads that broke off before it; returns how many. */
  prune(olderThan: Date): Promise<number>
}

/**
 * Recipients that one statement deletes: 20 ms on a busy machine, five seconds a million. A broadcast may
 * have millions, and the control database ends a statement after five seconds: all at once would never go.
 */
const pageRows = 5_000

/** The removals of the broadcast store. */
export function createBroadcastRemovals(db: ControlDatabase): BroadcastRemovals {
  /** An upload that broke off ended when it began: `prune` makes up for a removal that is interrupted. */
  const endUpload = db
    .updateTable('broadcasts')
    .set({ state: 'cancelled', ended_at: sql<Date>`created_at` })
    .where('state', '=', 'uploading')

  return {
    async abandon(id) {
      const ended = await endUpload.where('id', '=', id).returning('id').executeTakeFirst()
      if (ended !== undefined) await removeEnded(db, id)
    },

    async prune(olderThan) {
      await endUpload.where('created_at', '<', olderThan).execute()
      const old = await db.selectFrom('broadcasts').select('id').where('ended_at', '<', olderThan).execute()
      for (const { id } of old) await removeEnded(db, id)
      return old.length
    },
  }
}

/**
 * Removes all broadcasts of a bot. To be done before the bot is removed: its row takes what is left along in
 * one statement, under the lock that all changes of bots wait for.
 */
export async function removeBroadcastsOf(db: ControlDatabase, bot: BotId): Promise<void> {
  const all = await db
    .updateTable('broadcasts')
    .set({
      state: sql`case when ended_at is null then 'cancelled' else state end`,
      ended_at: sql<Date>`coalesce(ended_at, now())`,
    })
    .where('bot', '=', bot)
    .returning('id')
    .execute()
  for (const { id } of all) await removeEnded(db, id)
}

/** By their numbers: two that remove the same broadcast do not take each other's pages for the end. */
async function removeEnded(db: ControlDatabase, id: string): Promise<void> {
  const { first, last } = await db
    .selectFrom('broadcast_recipients')
    .select(({ fn }) => [fn.min<number | null>('n').as('first'), fn.max<number | null>('n').as('last')])
    .where('broadcast', '=', id)
    .executeTakeFirstOrThrow()
  for (let from = first ?? 0; from <= (last ?? -1); from += pageRows) {
    await db
      .deleteFrom('broadcast_recipients')
      .where('broadcast', '=', id)
      .where('n', '>=', from)
      .where('n', '<', from + pageRows)
      .execute()
  }
  await db.deleteFrom('broadcasts').where('id', '=', id).execute()
}
