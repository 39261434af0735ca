import type { TestContext } from 'node:test'
import { type ControlDatabase, migrateControl } from '@botyard/control-database'
import { createShardStore, createTimelineStore, type Shard } from '@botyard/control-database/shards'
import { controlDatabases, keyring, logger } from '@botyard/control-database/testing'
import { createRedis } from '@botyard/service-kit'
import { startRedis, type TestRedis } from '@botyard/testkit'
import type { Redis } from 'ioredis'
import { createFirstMap } from '../src/map/create-first-map.ts'
import { createShardDirectory, type ShardDirectory } from '../src/map/shard-directory.ts'
import { createShardMapStore } from '../src/map/shard-map-store.ts'
import { coreMigrations, migrateShards } from '../src/migrations/migrate-shards.ts'
import type { ShardNeeds } from '../src/migrations/shard-versions.ts'
import { createShardPool, type ShardPool } from '../src/pool/shard-pool.ts'
import type { ShardDatabase } from '../src/shard-schema.ts'
import { createShards, type Shards } from '../src/shards.ts'

/** Polls so seldom that a test which does not mean to wait for it never sees one. */
const neverMs = 1_000_000

/**
 * Two migrated shards and a control database that knows them, of which any number of processes can be played.
 */
export interface ShardRig {
  readonly control: ControlDatabase
  readonly controlUrl: string
  readonly shards: readonly Shard[]
  readonly redis: TestRedis
  /** A client of it. */
  commands(): Redis
  /** A pool of one's own on a shard: what any client of its database can do. */
  pool(id: string): ShardPool
  db(id: string): ShardDatabase
  /** What a worker opens. */
  process(options?: {
    needs?: ShardNeeds
    pollMs?: number
  }): Promise<{ directory: ShardDirectory; shards: Shards }>
}

/** Rigs on one Postgres for all tests of a file. */
export function shardRigs(settings: Readonly<Record<string, string>> = {}) {
  const databases = controlDatabases(settings)
  return {
    databases,
    async build(t: TestContext): Promise<ShardRig> {
      const controlUrl = await databases.create()
      const control = databases.open(t, controlUrl)
      await migrateControl(control, logger)
      const shards: Shard[] = [
        { id: 'shard-1', hosts: [await databases.create()] },
        { id: 'shard-2', hosts: [await databases.create()] },
      ]
      const store = createShardStore(control, keyring)
      for (const shard of shards) await store.register(shard)
      const reports = await migrateShards({ shards, sets: [coreMigrations], control, logger })
      for (const report of reports) if (report.status === 'failed') throw report.error
      await createFirstMap({ control, shards, logger })
      const redis = await startRedis()
      t.after(() => redis.stop())

      const pools = new Map<string, ShardPool>()
      const pool = (id: string): ShardPool => {
        const known = pools.get(id)
        if (known !== undefined) return known
        const opened = createShardPool({ id, hosts: shards.find(shard => shard.id === id)!.hosts, logger })
        pools.set(id, opened)
        t.after(() => opened.close())
        return opened
      }
      return {
        control,
        controlUrl,
        shards,
        redis,
        commands: () => {
          const client = createRedis({ url: redis.url, logger, name: 'test', role: 'worker' })
          t.after(() => client.disconnect())
          return client
        },
        pool,
        db: id => pool(id).db,
        async process({ needs, pollMs = neverMs } = {}) {
          const connect = (role: 'commands' | 'subscriber') => {
            const client = createRedis({ url: redis.url, logger, name: 'test', role })
            t.after(() => client.disconnect())
            return client
          }
          const directory = createShardDirectory({
            shards: store,
            maps: createShardMapStore(control),
            redis: connect('subscriber'),
            commands: connect('commands'),
            logger,
            pollMs,
          })
          const memory = createTimelineStore(control)
          const opened = createShards({
            directory,
            createPool: (id, hosts) => createShardPool({ id, hosts, logger, memory, settings: { size: 5 } }),
            logger,
            ...(needs && { needs }),
          })
          t.after(async () => {
            await opened.close()
            await directory.close()
          })
          await directory.whenReady()
          return { directory, shards: opened }
        },
      }
    },
  }
}
