import { type ControlledTransaction, sql } from 'kysely'
import type { ShardDatabase, ShardSchema } from '../shard-schema.ts'
import { MoveFailedError } from './errors.ts'
import type { MoveSide } from './move-session.ts'
import { inRange, movedTables } from './moved-tables.ts'

/** Both shards as they were at one moment, to be read at leisure. */
export interface Snapshots {
  /** Rows that are alike; throws `MoveFailedError` if any table differs. */
  compare(range: { from: bigint; to: bigint }): Promise<number>
  /** To be called in any case: a snapshot keeps Postgres from cleaning up. */
  close(): Promise<void>
}

/**
 * Takes a snapshot of both shards. While the range is fenced and all writes have arrived, both hold the same
 * rows.
 */
export async function takeSnapshots(source: MoveSide, target: MoveSide): Promise<Snapshots> {
  const opened = await Promise.allSettled([takeSnapshot(source.pool), takeSnapshot(target.pool)])
  const open = opened.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
  const close = async () => {
    await Promise.all(
      open.map(trx =>
        trx
          .rollback()
          .execute()
          .catch(() => {}),
      ),
    )
  }
  const [ours, theirs] = open
  if (ours === undefined || theirs === undefined) {
    await close()
    throw opened.find(result => result.status === 'rejected')!.reason
  }
  return {
    close,
    async compare(range) {
      let compared = 0
      for (const table of await movedTables(ours)) {
        const [here, there] = await Promise.all([digest(ours, table, range), digest(theirs, table, range)])
        if (here.rows !== there.rows || here.sum !== there.sum) {
          throw new MoveFailedError(
            `The table ${table} differs: ${here.rows} rows at ${source.shard} (sum ${here.sum}), ${there.rows} at ${target.shard} (sum ${there.sum})`,
          )
        }
        compared += here.rows
      }
      return compared
    },
  }
}

async function takeSnapshot(db: ShardDatabase): Promise<ControlledTransaction<ShardSchema>> {
  const trx = await db
    .startTransaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute()
  // The first query takes the snapshot. The settings make rows the same text on both sides.
  await sql`select pg_current_snapshot(), set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO', true),
    set_config('IntervalStyle', 'iso_8601', true), set_config('bytea_output', 'hex', true),
    set_config('extra_float_digits', '1', true)`.execute(trx)
  return trx
}

/** Count and sum of hashes, which do not depend on the order of the rows. */
async function digest(
  db: ShardDatabase,
  table: string,
  range: { from: bigint; to: bigint },
): Promise<{ rows: number; sum: string }> {
  const { rows } = await sql<{ rows: number; sum: string }>`
    select count(*)::float8 as rows, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text as sum
    from ${sql.id(table)} t where ${inRange(range)}`.execute(db)
  return rows[0]!
}
