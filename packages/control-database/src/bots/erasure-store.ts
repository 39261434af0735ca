import { randomUUID } from 'node:crypto'
import { type BotId, maxHandlerTimeoutMs, type Platform } from '@botyard/queue-contracts'
import { sql } from 'kysely'
import type { ControlDatabase } from '../database/control-database.ts'
import { deleteInBatches } from '../database/delete-in-batches.ts'
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
  /** Workers begin then: see {@link erasureWaitMs}. */
  readonly startsAt: Date
  readonly doneAt: Date | null
}

/** An erasure that a worker holds. */
export interface LeasedErasure extends Erasure {
  /** The number of the bot's last change: who has applied it knows that the bot was removed. */
  readonly change: number
}

/** What a run has looked at: the map that it knew when it began, and the shards that it went through. */
export interface ScannedShards {
  readonly mapVersion: number
  readonly shards: readonly string[]
}

/**
 * How long an erasure waits, in ms. A handler that was under way when its bot was removed may write until its
 * time is over, also to tables of the bot's own, whose rows are found by the users that are erased first. A
 * minute more is for workers that heard of it late, and for clocks.
 */
export const erasureWaitMs = maxHandlerTimeoutMs + 60_000

/** The erasures of the control database; workers carry them out, as only they reach the users' shards. */
export interface ErasureStore {
  /** Orders an erasure in the caller's transaction, so that a bot is removed with its order or not at all. */
  order(bot: Pick<Bot, 'id' | 'uid' | 'platform'>): Promise<Erasure>
  /** The newest first. */
  list(limit: number): Promise<Erasure[]>
  /**
   * Leases a waiting erasure for `leaseMs`; undefined if none is free and due. None is while a range of users
   * moves: the copies are not to be written to.
   */
  lease(runner: string, leaseMs: number): Promise<LeasedErasure | undefined>
  /** Adds deleted rows and renews the lease; false if another process holds the lease by now. */
  progress(id: string, runner: string, rows: number, leaseMs: number): Promise<boolean>
  /**
   * Ends an erasure, and deletes the bot's dead letters that are older than the order. Answers false, and
   * leaves it waiting, if users may have been where the run had looked already or never did: the map has
   * changed, a range moves, or there is a shard that was not gone through.
   */
  finish(id: string, runner: string, scanned: ScannedShards): Promise<boolean>
}

const until = (leaseMs: number) => sql<Date>`now() + ${leaseMs} * interval '1 millisecond'`
const startsAt = sql<Date>`requested_at + ${erasureWaitMs} * interval '1 millisecond'`
const isMoving = sql<boolean>`exists (select from shard_moves where state in ('running', 'cancelling'))`

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
            .where(startsAt, '<=', sql<Date>`now()`)
            .where(isMoving, '=', false)
            .where(free =>
              free.or([free('leased_until', 'is', null), free('leased_until', '<', sql<Date>`now()`)]),
            )
            .orderBy('requested_at')
            .limit(1)
            .forUpdate()
            .skipLocked(),
        )
        .returning(columns)
        .returning(
          sql<number>`(select change from bot_changes where bot_changes.bot = erasures.bot)`.as('change'),
        )
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

    async finish(id, runner, { mapVersion, shards }) {
      // Before the end is noted: a run that breaks off here is taken up again.
      await deleteInBatches(async limit => {
        const { numDeletedRows } = await db
          .deleteFrom('dead_letters')
          .where('id', 'in', eb =>
            eb
              .selectFrom('dead_letters as letter')
              .innerJoin('erasures as erasure', 'erasure.bot', 'letter.bot')
              .select('letter.id')
              .where('erasure.id', '=', id)
              .whereRef('letter.accepted_at', '<', 'erasure.requested_at')
              .limit(limit),
          )
          .executeTakeFirst()
        return Number(numDeletedRows)
      })
      const { numUpdatedRows } = await db
        .updateTable('erasures')
        .set({ done_at: sql<Date>`now()`, runner: null, leased_until: null })
        .where('id', '=', id)
        .where('runner', '=', runner)
        .where(isMoving, '=', false)
        .where(sql<boolean>`(select max(version) from shard_map) = ${mapVersion}`)
        .where(sql<boolean>`not exists (select from shards where id <> all(${shards}::text[]))`)
        .executeTakeFirst()
      return numUpdatedRows > 0n
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
  startsAt.as('startsAt'),
  'done_at as doneAt',
] as const
