import { sql } from 'kysely'
import type { Logger } from 'pino'
import { controlMigrations } from '../migrations/index.ts'
import type { Migration } from '../migrations/migration.ts'
import { lockPatiently } from './advisory-locks.ts'
import type { ControlDatabase } from './control-database.ts'

/**
 * Brings the control database to this build's schema; any number of processes may call it at once. The
 * `queryTimeoutMs` of `db` bounds each step, and the wait for another process.
 */
export async function migrateControl(db: ControlDatabase, logger: Logger): Promise<void> {
  for (const migration of controlMigrations) {
    const applied = await db.transaction().execute(trx => applyOnce(trx, migration))
    if (applied)
      logger.info({ version: migration.version, migration: migration.name }, 'control database migrated')
  }
}

/** The names of the migrations that the control database lacks; changes nothing. */
export async function pendingControlMigrations(db: ControlDatabase): Promise<string[]> {
  const { rows } = await sql<{
    found: boolean
  }>`select to_regclass('schema_migrations') is not null as found`.execute(db)
  const applied = rows[0]?.found ? await db.selectFrom('schema_migrations').select('version').execute() : []
  const known = new Set(applied.map(row => row.version))
  return controlMigrations
    .filter(({ version }) => !known.has(version))
    .map(({ version, name }) => `${version}-${name}`)
}

/** Each step is a transaction under the lock: a second process waits, then finds the step done. */
async function applyOnce(trx: ControlDatabase, migration: Migration): Promise<boolean> {
  await lockPatiently(trx, 'migrations')
  await trx.schema
    .createTable('schema_migrations')
    .ifNotExists()
    .addColumn('version', 'integer', col => col.primaryKey())
    .addColumn('name', 'text', col => col.notNull())
    .addColumn('applied_at', 'timestamptz', col => col.notNull().defaultTo(sql`now()`))
    .execute()
  const known = await trx
    .selectFrom('schema_migrations')
    .select('version')
    .where('version', '=', migration.version)
    .executeTakeFirst()
  if (known) return false
  await migration.up(trx)
  await trx
    .insertInto('schema_migrations')
    .values({ version: migration.version, name: migration.name })
    .execute()
  return true
}
