import type { ControlDatabase } from '@botyard/control-database'
import type { Shard, TimelineMemory } from '@botyard/control-database/shards'
import type { Logger } from 'pino'
import { createShardPool } from '../pool/shard-pool.ts'
import type { ShardPoolSettings } from '../pool/shard-pool-settings.ts'
import { migrateShard, pendingSteps } from './migrate-shard.ts'
import type { OwnedMigrations } from './migration.ts'
import { coreOwner } from './migration.ts'
import { shardMigrations } from './shard-migrations.ts'

/** The result of one shard. A failed one may have taken some of its steps. */
export type ShardReport =
  | { readonly shard: string; readonly status: 'current' }
  | { readonly shard: string; readonly status: 'migrated'; readonly applied: readonly string[] }
  | { readonly shard: string; readonly status: 'pending'; readonly pending: readonly string[] }
  | {
      readonly shard: string
      readonly status: 'failed'
      readonly applied: readonly string[]
      readonly error: unknown
    }

/** The migrations of Botyard itself, which come before any bot's. */
export const coreMigrations: OwnedMigrations = { owner: coreOwner, migrations: shardMigrations }

/** A host may be slow to answer, or be promoted just now; who migrates had rather wait than begin again. */
const patienceMs = 10_000
/** A step may rewrite a large table. */
const stepTimeoutMs = 24 * 3_600_000

/**
 * Brings all shards to this build's schema, side by side: one that fails or is away holds up no other. With
 * `dryRun` it only says what is pending (status `pending`). Never rejects for a shard: its report says what
 * happened.
 */
export function migrateShards(options: {
  shards: readonly Shard[]
  sets: readonly OwnedMigrations[]
  /** Where moves are recorded; a shard that takes part in one is not migrated. */
  control: ControlDatabase
  logger: Logger
  dryRun?: boolean
  settings?: Partial<ShardPoolSettings>
  memory?: TimelineMemory
}): Promise<ShardReport[]> {
  return Promise.all(options.shards.map(shard => migrateOne(shard, options)))
}

async function migrateOne(
  { id, hosts, directHosts }: Shard,
  { sets, control, logger, dryRun, settings, memory }: Parameters<typeof migrateShards>[0],
): Promise<ShardReport> {
  const pool = createShardPool({
    id,
    hosts: directHosts ?? hosts,
    logger,
    ...(memory && { memory }),
    settings: {
      ...settings,
      acquireTimeoutMs: Math.max(settings?.acquireTimeoutMs ?? 0, patienceMs),
      primaryPatienceMs: patienceMs,
      size: 1,
      statementTimeoutMs: stepTimeoutMs,
      idleInTransactionTimeoutMs: stepTimeoutMs,
    },
  })
  const applied: string[] = []
  try {
    if (dryRun) {
      const pending = await pendingSteps(pool.db, sets)
      return pending.length > 0 ? { shard: id, status: 'pending', pending } : { shard: id, status: 'current' }
    }
    await migrateShard(pool, {
      sets,
      isMoving: () => isMoving(control, id),
      onApplied: step => applied.push(step),
    })
    return applied.length > 0 ? { shard: id, status: 'migrated', applied } : { shard: id, status: 'current' }
  } catch (error) {
    return { shard: id, status: 'failed', applied, error }
  } finally {
    await pool.close()
  }
}

async function isMoving(control: ControlDatabase, shard: string): Promise<boolean> {
  const move = await control
    .selectFrom('shard_moves')
    .select('id')
    .where('state', 'in', ['running', 'cancelling'])
    .where(eb => eb.or([eb('source', '=', shard), eb('target', '=', shard)]))
    .limit(1)
    .executeTakeFirst()
  return move !== undefined
}
