import { sql } from 'kysely'
import { listTables } from '../fence/check-user-tables.ts'
import type { ShardDatabase } from '../shard-schema.ts'

/** The tables whose rows follow their users, by name: all that are fenced. */
export async function movedTables(db: ShardDatabase): Promise<string[]> {
  return (await listTables(db)).filter(table => table.fenced).map(table => table.name)
}

/**
 * A table itself, or the partitions at the end of its branches: only there does a ctid name one row. The
 * names are quoted, as SQL.
 */
export async function leavesOf(db: ShardDatabase, table: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    with root as (select quote_ident(${table})::regclass as id)
    select relid::regclass::text as name from root, pg_partition_tree(id) where isleaf
    union select id::text from root where not exists (select from pg_partition_tree(id))`.execute(db)
  return rows.map(row => row.name)
}

/** The keys of a range, as a condition on `user_key`: both ends included, because 2^63 is no bigint. */
export function inRange({ from, to }: { from: bigint; to: bigint }) {
  return sql<boolean>`user_key >= ${sql.raw(String(from))} and user_key <= ${sql.raw(String(to - 1n))}`
}

/** Whether a table has a row of the range. */
export async function hasRows(
  db: ShardDatabase,
  table: string,
  range: { from: bigint; to: bigint },
): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from ${sql.id(table)} where ${inRange(range)}) as found`.execute(db)
  return rows[0]?.found === true
}
