import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import type { ShardDatabase } from '../shard-schema.ts'
import { replicationName, type ShardMove } from './move.ts'
import { inRange, movedTables } from './moved-tables.ts'

const lookMs = 50
/** A walsender whose subscriber has gone needs a moment to see it, in ms; then it is ended. */
const slotTimeoutMs = 5_000

/**
 * Has the source publish the rows of the range in every table of users, and keeps its WAL from now on. No
 * TRUNCATE: it knows no row filter. Begins anew if it was done before, so it belongs before the subscription.
 */
export async function publish(db: ShardDatabase, move: ShardMove): Promise<void> {
  const name = replicationName(move)
  await unpublish(db, move)
  const tables = await movedTables(db)
  const parts = tables.map(table => sql`table ${sql.id(table)} where (${inRange(move)})`)
  const marks = sql`table move_marks where (move = ${sql.lit(move.id)})`
  await sql`create publication ${sql.id(name)} for ${sql.join([...parts, marks])}
    with (publish = 'insert, update, delete', publish_via_partition_root = true)`.execute(db)
  // After the publication, because changes are decoded by the catalogue of their own time.
  await sql`select pg_create_logical_replication_slot(${name}, 'pgoutput')`.execute(db)
}

/**
 * Drops publication and slots at the source; those of tables whose copy was broken off are named by the
 * subscription's oid.
 */
export async function unpublish(db: ShardDatabase, move: ShardMove): Promise<void> {
  const name = replicationName(move)
  const slots = sql<boolean>`database = current_database() and (slot_name = ${name}
    or slot_name like ${`pg\\_${move.counts.subscription ?? 0}\\_sync\\_%`})`
  const deadline = performance.now() + slotTimeoutMs
  for (;;) {
    await sql`select pg_drop_replication_slot(slot_name) from pg_replication_slots where not active and ${slots}`.execute(
      db,
    )
    const { rows } = await sql<{
      pid: number
    }>`select active_pid as pid from pg_replication_slots where ${slots}`.execute(db)
    if (rows.length === 0) break
    if (performance.now() > deadline) {
      await sql`select pg_terminate_backend(active_pid) from pg_replication_slots where active and ${slots}`.execute(
        db,
      )
    }
    await delay(lookMs)
  }
  await sql`drop publication if exists ${sql.id(name)}`.execute(db)
  await db.deleteFrom('move_marks').where('move', '=', move.id).execute()
}
