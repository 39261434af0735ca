import { sql } from 'kysely'
import type { ShardDatabase } from '../shard-schema.ts'
import { MoveFailedError } from './errors.ts'
import { type MoveCounts, replicationName, type ShardMove, type TableProgress } from './move.ts'
import { inRange, movedTables } from './moved-tables.ts'

/**
 * The tables to copy, with the planner's guess of their rows: counting them would read all of them once more.
 */
export async function tablesToCopy(
  db: ShardDatabase,
  move: ShardMove,
): Promise<Record<string, TableProgress>> {
  const progress: Record<string, TableProgress> = {}
  for (const table of await movedTables(db)) {
    const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>`
      explain (format json) select from ${sql.id(table)} where ${inRange(move)}`.execute(db)
    progress[table] = {
      rows: rows[0]!['QUERY PLAN'][0].Plan['Plan Rows'],
      copiedRows: 0,
      copiedBytes: 0,
      ready: false,
    }
  }
  return progress
}

/**
 * The progress of copy and changes. Throws `MoveFailedError` when the source has dropped WAL that the target
 * still needs.
 */
export async function copyProgress(
  source: ShardDatabase,
  target: ShardDatabase,
  move: ShardMove,
): Promise<Pick<MoveCounts, 'tables' | 'lagBytes' | 'applyErrors'> & { copied: boolean }> {
  const name = replicationName(move)
  const [{ rows: states }, { rows: errors }, lagBytes] = await Promise.all([
    sql<{ name: string; ready: boolean; rows: bigint | null; bytes: bigint | null }>`
      select c.relname as name, r.srsubstate = 'r' as ready, p.tuples_processed as rows, p.bytes_processed as bytes
      from pg_subscription s
      join pg_subscription_rel r on r.srsubid = s.oid
      join pg_class c on c.oid = r.srrelid
      left join pg_stat_progress_copy p on p.relid = c.oid and p.command = 'COPY FROM' and p.datname = current_database()
      where s.subname = ${name}`.execute(target),
    sql<{ errors: bigint }>`select apply_error_count + sync_error_count as errors
      from pg_stat_subscription_stats where subname = ${name}`.execute(target),
    lagOf(source, name),
  ])
  const tables = Object.fromEntries(
    states
      .filter(state => state.name !== 'move_marks')
      .map(({ name, ready, rows, bytes }) => {
        const known = move.counts.tables?.[name]
        const copiedRows = Math.max(Number(rows ?? 0), known?.copiedRows ?? 0, ready ? (known?.rows ?? 0) : 0)
        const copiedBytes = Math.max(Number(bytes ?? 0), known?.copiedBytes ?? 0)
        return [name, { rows: Math.max(known?.rows ?? 0, copiedRows), copiedRows, copiedBytes, ready }]
      }),
  )
  const copied = states.length > 0 && states.every(state => state.ready)
  return { tables, lagBytes, applyErrors: Number(errors[0]?.errors ?? 0), copied }
}

async function lagOf(source: ShardDatabase, slot: string): Promise<number> {
  const { rows } = await sql<{ lag: number; lost: boolean }>`
    select pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::float8 as lag, wal_status = 'lost' as lost
    from pg_replication_slots where slot_name = ${slot}`.execute(source)
  const found = rows[0]
  if (found === undefined) {
    throw new MoveFailedError(
      `The replication slot ${slot} is gone: the source failed over, or somebody dropped it`,
    )
  }
  if (found.lost)
    throw new MoveFailedError(`The replication slot ${slot} has lost WAL: raise max_slot_wal_keep_size`)
  return Math.max(0, found.lag)
}
