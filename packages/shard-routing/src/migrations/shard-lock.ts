import { sql } from 'kysely'
import type { ShardDatabase } from '../shard-schema.ts'

/** As in the control database: "boty", so that our locks never collide with those of other software. */
const lockNamespace = 0x626f7479
const migrationsLock = 1

/**
 * Waits until no other process migrates the shard, and keeps others from it until the transaction ends. The
 * lock belongs to the transaction, not the session, so it holds through PgBouncer too. A move is recorded
 * before it takes this lock once, so no migration that began before runs on, and none begins after.
 */
export async function lockMigrations(trx: ShardDatabase): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockNamespace}::int, ${migrationsLock}::int)`.execute(trx)
}
