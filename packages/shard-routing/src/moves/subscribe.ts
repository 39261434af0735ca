import { sql } from 'kysely'
import type { ShardDatabase } from '../shard-schema.ts'
import { replicationName, type ShardMove } from './move.ts'

/**
 * Has the target copy what the source publishes, and apply what changes there; answers the subscription's
 * oid. A repeat is safe.
 */
export async function subscribe(db: ShardDatabase, move: ShardMove, address: string): Promise<number> {
  const name = replicationName(move)
  const known = await subscriptionOf(db, move)
  if (known !== undefined) return known
  // The slot is there already, so this is one transaction. It takes no changes that came from a move to the
  // source itself twice.
  await sql`create subscription ${sql.id(name)} connection ${sql.lit(address)} publication ${sql.id(name)}
    with (create_slot = false, slot_name = ${sql.lit(name)}, copy_data = true)`.execute(db)
  return (await subscriptionOf(db, move))!
}

/** The oid of the move's subscription; `undefined` if there is none. */
export async function subscriptionOf(db: ShardDatabase, move: ShardMove): Promise<number | undefined> {
  const { rows } = await sql<{ oid: number }>`
    select oid from pg_subscription where subname = ${replicationName(move)}
      and subdbid = (select oid from pg_database where datname = current_database())`.execute(db)
  return rows[0]?.oid
}

/**
 * Ends the subscription without a word to the source, which may be away: its slots are dropped there. A
 * repeat is safe.
 */
export async function unsubscribe(db: ShardDatabase, move: ShardMove): Promise<void> {
  const name = replicationName(move)
  if ((await subscriptionOf(db, move)) !== undefined) {
    await sql`alter subscription ${sql.id(name)} disable`.execute(db)
    await sql`alter subscription ${sql.id(name)} set (slot_name = none)`.execute(db)
    await sql`drop subscription ${sql.id(name)}`.execute(db)
  }
  await db.deleteFrom('move_marks').where('move', '=', move.id).execute()
}
