import type { ControlDatabase } from '@botyard/control-database'
import { createShardStore, createTimelineStore } from '@botyard/control-database/shards'
import type { Keyring } from '@botyard/service-kit'
import {
  createShardDirectory,
  createShardMapStore,
  createShardPool,
  createShardPoolMetrics,
  createShards,
  type ShardPoolSettings,
  type Shards,
} from '@botyard/shard-routing'
import { needsOf, type OwnedMigrations } from '@botyard/shard-routing/migrations'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'

/** The users' databases of a worker process. */
export interface OpenShards {
  readonly shards: Shards
  /**
   * Resolves when the worker may start: rejects with what makes it refuse, and says which shards are away.
   */
  whenReady(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the directory of shards and a pool for each; databases that are away are waited for when they are
 * needed.
 */
export function openShards(options: {
  db: ControlDatabase
  keyring: Keyring
  redis: { subscriber: Redis; commands: Redis }
  sets: readonly OwnedMigrations[]
  settings: ShardPoolSettings
  registry: Registry
  logger: Logger
}): OpenShards {
  const { db, keyring, redis, sets, settings, registry, logger } = options
  const directory = createShardDirectory({
    shards: createShardStore(db, keyring),
    maps: createShardMapStore(db),
    redis: redis.subscriber,
    commands: redis.commands,
    logger,
  })
  const memory = createTimelineStore(db)
  const metrics = createShardPoolMetrics(registry)
  const shards = createShards({
    directory,
    createPool: (id, hosts) => createShardPool({ id, hosts, logger, settings, memory, metrics }),
    logger,
    needs: needsOf(sets),
  })
  return {
    shards,
    async whenReady() {
      await directory.whenReady()
      if (directory.latest?.map === undefined)
        logger.warn('no user shards yet: name them in SHARDS and migrate')
      await shards.check()
    },
    async close() {
      await shards.close()
      await directory.close()
    },
  }
}
