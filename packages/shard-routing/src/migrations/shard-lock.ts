import { sql } from 'kysely'
import type { ShardDatabase } from '../shard-schema.ts'

/** As in the control database: "boty", so that our locks meet nobody else's. */
const lockNamespace = 0x626f7479
const migrationsLock = 1

/**
 * Waits until nobody else migrates the shard, and keeps others from it until the transaction ends. A lock of the transaction, not of
 * the session: it holds through PgBouncer too. Who starts a move records it first and then takes this lock once, so no migration that began
 * before runs on, and none begins after.
 */
export async function lockMigrations(trx: ShardDatabase): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockNamespace}::int, ${migrationsLock}::int)`.execute(trx)
}
