import { sql } from 'kysely'
import { ShardSchemaError, WrongShardError } from '../errors.ts'
import type { ShardDatabase } from '../shard-schema.ts'
import type { OwnedMigrations } from './migration.ts'
import { coreOwner } from './migration.ts'
import { shardSchemaVersion } from './shard-migrations.ts'

/** The last migration of each owner that a build needs: of itself, and of the bots that it has. */
export type ShardNeeds = ReadonlyMap<string, number>

/** The migrations that every build needs. */
export const coreNeeds: ShardNeeds = new Map([[coreOwner, shardSchemaVersion]])

/** The last version of each of these sets. */
export function needsOf(sets: readonly OwnedMigrations[]): ShardNeeds {
  return new Map(sets.map(({ owner, migrations }) => [owner, migrations.at(-1)?.version ?? 0]))
}

/** The versions applied, by owner; empty for a database that was never migrated. */
export async function appliedMigrations(db: ShardDatabase): Promise<Map<string, Set<number>>> {
  const applied = new Map<string, Set<number>>()
  if (!(await hasTable(db, 'schema_migrations'))) return applied
  for (const { owner, version } of await db
    .selectFrom('schema_migrations')
    .select(['owner', 'version'])
    .execute()) {
    applied.set(owner, (applied.get(owner) ?? new Set()).add(version))
  }
  return applied
}

/**
 * Throws `ShardSchemaError` or `WrongShardError` unless this is that shard's database, and new enough; newer
 * is fine.
 */
export async function assertShardSchema(db: ShardDatabase, shard: string, needs: ShardNeeds): Promise<void> {
  const applied = await appliedMigrations(db)
  for (const [owner, needed] of needs) {
    const found = Math.max(0, ...(applied.get(owner) ?? []))
    if (found < needed) throw new ShardSchemaError(shard, { owner, found, needed })
  }
  await assertIdentity(db, shard)
}

/** Throws `WrongShardError` if this is the database of another shard. */
export async function assertIdentity(db: ShardDatabase, shard: string): Promise<void> {
  const row = await db.selectFrom('shard_identity').select('shard').executeTakeFirst()
  if (row !== undefined && row.shard !== shard) throw new WrongShardError(shard, row.shard)
}

/** Whether the current schema has a table. */
export async function hasTable(db: ShardDatabase, table: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`select to_regclass(${table}) is not null as found`.execute(
    db,
  )
  return rows[0]?.found === true
}
