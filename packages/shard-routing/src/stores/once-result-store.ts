import { sql } from 'kysely'
import type { ShardDatabase } from '../shard-schema.ts'
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

/** Deletes results older than `before` on one shard, of the keys that it owns; returns how many. */
export async function pruneOnceResults(db: ShardDatabase, before: Date): Promise<number> {
  const { numAffectedRows } = await sql`delete from once_results using owned_ranges
    where at < ${before} and state = 'owned' and user_key >= from_key and user_key < to_key`.execute(db)
  return Number(numAffectedRows ?? 0)
}
