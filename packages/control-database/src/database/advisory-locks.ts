import { sql } from 'kysely'
import type { ControlDatabase } from './control-database.ts'

/**
 * First half of all our advisory lock keys ("boty"), so that they never collide with those of other software.
 */
const lockNamespace = 0x626f7479

const keys = { migrations: 1, botChanges: 2, shardChanges: 3 } as const

/**
 * Waits for a lock that ends with the transaction; Postgres frees it only once the commit is visible to all.
 */
export async function lockUntilCommit(trx: ControlDatabase, name: keyof typeof keys): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockNamespace}::int, ${keys[name]}::int)`.execute(trx)
}

/**
 * The same for a migrator, which waits for another one for as long as that takes: from here on the server
 * limits no statement of the transaction. The client's own limit is the pool's, see `queryTimeoutMs`.
 */
export async function lockPatiently(trx: ControlDatabase, name: keyof typeof keys): Promise<void> {
  await sql`set local statement_timeout = 0`.execute(trx)
  await lockUntilCommit(trx, name)
}

/** Runs `work` in the caller's transaction if there is one, and in a new one otherwise. */
export function inTransaction<T>(
  db: ControlDatabase,
  work: (trx: ControlDatabase) => Promise<T>,
): Promise<T> {
  return db.isTransaction ? work(db) : db.transaction().execute(work)
}
