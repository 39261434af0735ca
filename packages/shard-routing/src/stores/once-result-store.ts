import { sql } from 'kysely'
import type { ShardDatabase } from '../shard-schema.ts'
import { fencedBatch } from './fenced-batch.ts'
import type { WriteId } from './write-id.ts'

/**
 * Results of an update's steps, kept beside what the steps wrote: in one transaction with it, a step is done
 * exactly once.
 */
export interface OnceResultStore {
  /** A step's result as JSON holds it; `undefined` if it has not been done. */
  get(write: WriteId): Promise<{ result: unknown } | undefined>
  /** Keeps a result; false if the step has been done before, by a run that this one did not see. */
  insert(write: WriteId, result: unknown): Promise<boolean>
}

/** The once_results table on the shard of `key`; `db` is the transaction that the step writes in. */
export function createOnceResultStore(db: ShardDatabase, key: bigint): OnceResultStore {
  return {
    async get({ update, name }) {
      const row = await db
        .selectFrom('once_results')
        .select('result')
        .where('user_key', '=', key)
        .where('update_id', '=', update)
        .where('name', '=', name)
        .executeTakeFirst()
      return row && { result: row.result }
    },

    async insert({ update, name }, result) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('once_results')
        .values({ user_key: key, update_id: update, name, result: JSON.stringify(result ?? null) })
        .onConflict(oc => oc.doNothing())
        .executeTakeFirst()
      return numInsertedOrUpdatedRows === 1n
    },
  }
}

/**
 * Deletes results older than `before` on one shard, of the keys that it owns; returns how many. In batches,
 * the oldest first: the pool ends a statement that is too long, and what wants to change the owned ranges
 * waits for each.
 */
export async function pruneOnceResults(db: ShardDatabase, before: Date): Promise<number> {
  for (let rows = 0, from = '-infinity'; ; ) {
    const found = await sql<{ rows: bigint; last: string | null }>`
      with gone as (
        delete from once_results where ctid = any(array(
          select r.ctid from once_results r
          join owned_ranges o on r.user_key >= o.from_key and r.user_key < o.to_key and o.state = 'owned'
          where r.at < ${before} and r.at >= ${from}::timestamptz
          order by r.at limit ${fencedBatch}))
        returning at
      )
      select count(*) as rows, max(at)::text as last from gone`.execute(db)
    const { rows: deleted, last } = found.rows[0]!
    rows += Number(deleted)
    if (deleted < fencedBatch || last === null) return rows
    // The next batch does not pass by the rows that have just gone.
    from = last
  }
}
