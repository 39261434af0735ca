import { randomUUID } from 'node:crypto'
import type { BotId, Platform } from '@botyard/queue-contracts'
import { sql } from 'kysely'
import type { ControlDatabase } from '../database/control-database.ts'
import type { Bot } from './bot.ts'

/** The order to erase the data of a removed bot's users. */
export interface Erasure {
  readonly id: string
  readonly bot: BotId
  /** The `uid` of the removed bot, which is the scope of its users. */
  readonly uid: string
  readonly platform: Platform
  /** Rows deleted so far, on all shards. */
  readonly rows: number
  readonly requestedAt: Date
  readonly doneAt: Date | null
}

/** The erasures of the control database; workers carry them out, as only they reach the users' shards. */
export interface ErasureStore {
  /** Orders an erasure in the caller's transaction, so that a bot is removed with its order or not at all. */
  order(bot: Pick<Bot, 'id' | 'uid' | 'platform'>): Promise<Erasure>
  /** The newest first. */
  list(limit: number): Promise<Erasure[]>
  /** Leases a waiting erasure for `leaseMs`; undefined if there is none that is free. */
  lease(runner: string, leaseMs: number): Promise<Erasure | undefined>
  /** Adds deleted rows and renews the lease; false if another process holds the lease by now. */
  progress(id: string, runner: string, rows: number, leaseMs: number): Promise<boolean>
  /** Ends an erasure, and deletes the bot's dead letters that are older than the order. */
  finish(id: string, runner: string): Promise<void>
}

const until = (leaseMs: number) => sql<Date>`now() + ${leaseMs} * interval '1 millisecond'`

/** The erasures table of the control database. */
export function createErasureStore(db: ControlDatabase): ErasureStore {
  return {
    async order({ id: bot, uid, platform }) {
      const row = await db
        .insertInto('erasures')
        .values({ id: randomUUID(), bot, uid, platform })
        .returning(columns)
        .executeTakeFirstOrThrow()
      return row
    },

    list: limit =>
      db.selectFrom('erasures').select(columns).orderBy('requested_at', 'desc').limit(limit).execute(),

    lease: (runner, leaseMs) =>
      db
        .updateTable('erasures')
        .set({ runner, leased_until: until(leaseMs) })
        .where('id', '=', eb =>
          eb
            .selectFrom('erasures')
            .select('id')
            .where('done_at', 'is', null)
            .where(free =>
              free.or([free('leased_until', 'is', null), free('leased_until', '<', sql<Date>`now()`)]),
            )
            .orderBy('requested_at')
            .limit(1)
            .forUpdate()
            .skipLocked(),
        )
        .returning(columns)
        .executeTakeFirst(),

    async progress(id, runner, rows, leaseMs) {
      const { numUpdatedRows } = await db
        .updateTable('erasures')
        .set({ rows: sql<number>`rows + ${rows}`, leased_until: until(leaseMs) })
        .where('id', '=', id)
        .where('runner', '=', runner)
        .where('leased_until', '>', sql<Date>`now()`)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async finish(id, runner) {
      await db.transaction().execute(async trx => {
        const done = await trx
          .updateTable('erasures')
          .set({ done_at: sql<Date>`now()`, runner: null, leased_until: null })
          .where('id', '=', id)
          .where('runner', '=', runner)
          .returning(['bot', 'requested_at'])
          .executeTakeFirst()
        if (!done) return
        await trx
          .deleteFrom('dead_letters')
          .where('bot', '=', done.bot)
          .where('accepted_at', '<', done.requested_at)
          .execute()
      })
    },
  }
}

const columns = [
  'id',
  'bot',
  'uid',
  'platform',
  'rows',
  'requested_at as requestedAt',
  'done_at as doneAt',
] as const
