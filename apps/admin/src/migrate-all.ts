import { setTimeout as delay } from 'node:timers/promises'
import {
  type ControlDatabase,
  controlSchemaVersion,
  createControlDatabase,
  migrateControl,
  pendingControlMigrations,
} from '@botyard/control-database'
import {
  createShardStore,
  createTimelineStore,
  registerShards,
  type Shard,
} from '@botyard/control-database/shards'
import { type Keyring, shardsOf } from '@botyard/service-kit'
import { ShardUnavailableError, shardPoolSettings } from '@botyard/shard-routing'
import {
  coreMigrations,
  createFirstMap,
  logShardReports,
  migrateShards,
} from '@botyard/shard-routing/migrations'
import type { Logger } from 'pino'
import type { MigrationConfig } from './config.ts'

/**
 * A step may rewrite a large table, and a second migrator waits for the first: the usual limit of a query
 * would break off either, and with it undo the step, each time anew.
 */
const stepTimeoutMs = 24 * 3_600_000
/** How long a shard that was just migrated may be away, in ms. */
const patienceMs = 30_000

/** What migrating needs. */
export interface MigrateAllDeps {
  readonly config: MigrationConfig
  readonly keyring: Keyring
  readonly logger: Logger
  /** Only says what is pending. */
  readonly dryRun: boolean
}

/**
 * Migrates the control database, registers the shards that the configuration names, migrates all that are
 * registered, and gives the first ones the whole key space. Returns whether every shard is up to date; any
 * number of processes may do it at once.
 */
export async function migrateAll(deps: MigrateAllDeps): Promise<boolean> {
  const { config, logger } = deps
  const db = createControlDatabase({
    ...{ url: config.CONTROL_DATABASE_URL, poolSize: config.CONTROL_POOL_SIZE },
    ...{ logger, queryTimeoutMs: stepTimeoutMs },
  })
  try {
    return await migrateOn(db, deps)
  } finally {
    await db.destroy()
  }
}

async function migrateOn(
  db: ControlDatabase,
  { config, keyring, logger, dryRun }: MigrateAllDeps,
): Promise<boolean> {
  const named: readonly Shard[] = shardsOf(config) ?? []
  const shards = createShardStore(db, keyring)
  const settings = shardPoolSettings(config)
  const common = { sets: [coreMigrations], control: db, logger, settings }
  if (dryRun) {
    const pending = await pendingControlMigrations(db)
    logger.info({ pending }, 'pending migrations of the control database')
    const known = pending.includes('4-shards') ? [] : await shards.list()
    const ids = new Set(named.map(shard => shard.id))
    const all = [...named, ...known.filter(shard => !ids.has(shard.id))]
    return logShardReports(logger, await migrateShards({ ...common, shards: all, dryRun }))
  }

  await migrateControl(db, logger)
  logger.info({ version: controlSchemaVersion }, 'control database is up to date')
  await registerShards({ control: db, keyring, shards: named, logger })
  const all = await shards.list()
  const memory = createTimelineStore(db)
  const done = logShardReports(logger, await migrateShards({ ...common, shards: all, memory }))
  // All or none: a shard that is away now would never get its part.
  if (done && all.length > 0) {
    await withPatience(logger, () => createFirstMap({ control: db, shards: all, logger, settings, memory }))
  }
  return done
}

/**
 * Does it again while a shard cannot be used for a moment: one that was migrated a second ago is there, and a
 * busy machine that keeps its answer waiting is no reason to end a start.
 */
async function withPatience<T>(logger: Logger, step: () => Promise<T>): Promise<T> {
  for (const until = performance.now() + patienceMs; ; ) {
    try {
      return await step()
    } catch (err) {
      if (!(err instanceof ShardUnavailableError) || performance.now() > until) throw err
      logger.warn({ err }, 'shard is away, tried again')
      await delay(Math.max(err.afterMs, 250))
    }
  }
}
