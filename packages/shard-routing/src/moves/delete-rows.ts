import { sql } from 'kysely'
import type { ShardDatabase } from '../shard-schema.ts'
import { MoveFailedError } from './errors.ts'
import { inRange, leavesOf, movedTables } from './moved-tables.ts'

const batchRows = 5_000

/**
 * Deletes the rows of a range that this shard does not own, in batches; `onBatch` hears how many each time
 * and may throw to end it. Every batch makes sure anew that nobody owns them here: this is the one deletion
 * that the fence does not guard.
 */
export async function deleteRows(
  db: ShardDatabase,
  range: { from: bigint; to: bigint },
  onBatch: (rows: number) => Promise<void>,
): Promise<void> {
  for (const table of await movedTables(db)) {
    for (const leaf of await leavesOf(db, table)) {
      for (;;) {
        const rows = await db.transaction().execute(trx => deleteBatch(trx, leaf, range))
        if (rows > 0) await onBatch(rows)
        if (rows < batchRows) break
      }
    }
  }
}

async function deleteBatch(
  trx: ShardDatabase,
  table: string,
  range: { from: bigint; to: bigint },
): Promise<number> {
  const owned = await sql`select from owned_ranges where from_key < ${String(range.to)}::numeric
    and to_key > ${String(range.from)}::numeric for share`.execute(trx)
  if (owned.rows.length > 0) throw new MoveFailedError('Rows that this shard owns are not deleted')
  // Neither the fence nor triggers and foreign keys of bots: all rows of these users go, and live on
  // elsewhere.
  await sql`set local session_replication_role = replica`.execute(trx)
  await sql`set local synchronous_commit = off`.execute(trx)
  const { numAffectedRows } = await sql`delete from ${sql.raw(table)} where ctid = any(array(
    select ctid from ${sql.raw(table)} where ${inRange(range)} limit ${batchRows}))`.execute(trx)
  return Number(numAffectedRows ?? 0)
}
