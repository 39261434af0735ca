import { sql } from 'kysely'
import { ControlSchemaError } from '../errors.ts'
import { controlMigrations } from '../migrations/index.ts'
import type { ControlDatabase } from './control-database.ts'

/** The schema version that this build needs: the number of its last migration. */
export const controlSchemaVersion = controlMigrations.at(-1)?.version ?? 0

/**
 * Throws {@link ControlSchemaError} on an older schema; a newer one is fine, since migrations keep the build
 * before working.
 */
export async function assertControlSchema(db: ControlDatabase): Promise<void> {
  const found = await readVersion(db)
  if (found < controlSchemaVersion) throw new ControlSchemaError(found, controlSchemaVersion)
}

async function readVersion(db: ControlDatabase): Promise<number> {
  const { rows } = await sql<{
    found: boolean
  }>`select to_regclass('schema_migrations') is not null as found`.execute(db)
  if (!rows[0]?.found) return 0
  const last = await db
    .selectFrom('schema_migrations')
    .select(eb => eb.fn.max('version').as('version'))
    .executeTakeFirst()
  return last?.version ?? 0
}
