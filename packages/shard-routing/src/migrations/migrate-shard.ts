import { sql } from 'kysely'
import { ShardMovingError } from '../errors.ts'
import { attachFence } from '../fence/attach-fence.ts'
import { checkUserTable, listTables } from '../fence/check-user-tables.ts'
import type { ShardPool } from '../pool/shard-pool.ts'
import type { ShardDatabase } from '../shard-schema.ts'
import { assertShardServer } from './assert-shard-server.ts'
import type { OwnedMigrations, ShardMigration } from './migration.ts'
import { coreOwner } from './migration.ts'
import { lockMigrations } from './shard-lock.ts'
import { appliedMigrations, assertIdentity, hasTable } from './shard-versions.ts'

/** A step as reports name it. */
const stepName = (owner: string, { version, name }: ShardMigration) => `${owner}/${version}-${name}`

/** The steps that a shard has yet to take. */
export async function pendingSteps(db: ShardDatabase, sets: readonly OwnedMigrations[]): Promise<string[]> {
  const applied = await appliedMigrations(db)
  return sets.flatMap(({ owner, migrations }) =>
    migrations.filter(({ version }) => !applied.get(owner)?.has(version)).map(step => stepName(owner, step)),
  )
}

/**
 * Takes a shard's pending steps, one transaction each. A step that fails leaves those before it, and a repeat
 * goes on from there. Any number of processes may call it at once. `onApplied` hears of every step done.
 */
export async function migrateShard(
  pool: Pick<ShardPool, 'id' | 'db'>,
  options: {
    sets: readonly OwnedMigrations[]
    isMoving: () => Promise<boolean>
    onApplied: (step: string) => void
  },
): Promise<void> {
  await assertShardServer(pool.db as ShardDatabase, pool.id)
  for (const { owner, migrations } of options.sets) {
    for (const migration of migrations) {
      const done = await (pool.db as ShardDatabase).transaction().execute(async trx => {
        await sql`set local statement_timeout = 0`.execute(trx)
        await lockMigrations(trx)
        await createHistory(trx)
        if (await hasTable(trx, 'shard_identity')) await assertIdentity(trx, pool.id)
        if ((await appliedMigrations(trx)).get(owner)?.has(migration.version)) return false
        if (await options.isMoving()) throw new ShardMovingError(pool.id)
        await applyStep(trx, owner, migration)
        await claimIdentity(trx, pool.id)
        return true
      })
      if (done) options.onApplied(stepName(owner, migration))
    }
  }
}

async function createHistory(trx: ShardDatabase): Promise<void> {
  await trx.schema
    .createTable('schema_migrations')
    .ifNotExists()
    .addColumn('owner', 'text', col => col.notNull())
    .addColumn('version', 'integer', col => col.notNull())
    .addColumn('name', 'text', col => col.notNull())
    .addColumn('applied_at', 'timestamptz', col => col.notNull().defaultTo(sql`now()`))
    .addPrimaryKeyConstraint('schema_migrations_pkey', ['owner', 'version'])
    .execute()
}

async function applyStep(trx: ShardDatabase, owner: string, migration: ShardMigration): Promise<void> {
  const before = new Map((await listTables(trx)).map(table => [table.name, table]))
  await migration.up(trx)
  // Our own migrations fence their tables themselves, and some of those hold no users.
  if (owner !== coreOwner) await fenceTables(trx, before)
  await trx
    .insertInto('schema_migrations')
    .values({ owner, version: migration.version, name: migration.name })
    .execute()
}

/**
 * Every table that the step made, and every one fenced before, must still be fit to move; strangers' tables
 * are left alone.
 */
async function fenceTables(
  trx: ShardDatabase,
  before: ReadonlyMap<string, { fenced: boolean }>,
): Promise<void> {
  for (const table of await listTables(trx)) {
    const known = before.get(table.name)
    if (known !== undefined && !known.fenced) continue
    checkUserTable(table)
    await attachFence(trx, table.name)
  }
}

async function claimIdentity(trx: ShardDatabase, shard: string): Promise<void> {
  await trx
    .insertInto('shard_identity')
    .values({ shard })
    .onConflict(oc => oc.doNothing())
    .execute()
}
