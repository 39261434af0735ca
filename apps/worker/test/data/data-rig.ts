import { randomBytes } from 'node:crypto'
import { after, before, type TestContext } from 'node:test'
import { type BotParts, defineBot, type UserData } from '@botyard/bot-kit'
import { type ControlDatabase, createControlDatabase, migrateControl } from '@botyard/control-database'
import { createShardStore } from '@botyard/control-database/shards'
import type { BotSettings, InboundUpdate } from '@botyard/queue-contracts'
import { createKeyring, createRedis, readConfig, shardPoolConfig } from '@botyard/service-kit'
import {
  createShardPool,
  type ShardDatabase,
  type ShardPool,
  type Shards,
  shardPoolSettings,
  userKey,
} from '@botyard/shard-routing'
import { createFirstMap, migrateShards } from '@botyard/shard-routing/migrations'
import { startPostgres, type TestPostgres } from '@botyard/testkit'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { Type } from 'typebox'
import { createDataMetrics } from '../../src/data/data-metrics.ts'
import { openMemory } from '../../src/data/open-memory.ts'
import { openShards } from '../../src/data/open-shards.ts'
import { createOpenData, type OpenData } from '../../src/data/user-data.ts'
import { migrationsOf } from '../../src/handlers/bot-migrations.ts'
import { newKey, rig } from '../helper.ts'
import { createFlakyLink, type FlakyLink } from './flaky-link.ts'

const logger = pino({ level: 'silent' })
const settings = shardPoolSettings(
  readConfig(Type.Object(shardPoolConfig), { SHARD_POOL_SIZE: '5', SHARD_ACQUIRE_TIMEOUT_MS: '500' }),
)

/** What a test says of an update; `undefined` takes a part away. */
type Update = { [K in keyof InboundUpdate]?: InboundUpdate[K] | undefined }

/** What one worker process remembers with: shards, caches and sessions of its own. */
export interface DataProcess {
  readonly openData: OpenData
  readonly userShards: Shards
  /** How often a write of this kind came out so: `profile conflict` and the like. */
  writes(): Promise<Record<string, number>>
  /** The data of one update, as a handler has it. */
  of(update?: Update, run?: { hash?: Buffer; signal?: AbortSignal; settings?: BotSettings }): UserData
}

/**
 * Rigs on two user shards that all tests of a file share, each with users of its own; `migrations` are those
 * of the bot `bot`.
 */
export function dataRigs({ migrations = [] }: Pick<BotParts, 'migrations'> = {}) {
  const key = newKey()
  const sets = migrationsOf(new Map([['bot', defineBot({ migrations })]]))
  let postgres: TestPostgres
  let control: ControlDatabase
  let link: FlakyLink
  let pools: ShardPool[]
  before(async () => {
    postgres = await startPostgres()
    control = createControlDatabase({ url: await postgres.createDatabase(), poolSize: 5, logger })
    await migrateControl(control, logger)
    link = await createFlakyLink(await postgres.createDatabase())
    const shards = [
      { id: 'shard-1', hosts: [await postgres.createDatabase()] },
      { id: 'shard-2', hosts: [link.url] },
    ]
    const store = createShardStore(control, createKeyring({ active: 'k1', keys: { k1: key } }))
    for (const shard of shards) await store.register(shard)
    for (const report of await migrateShards({ shards, sets, control, logger })) {
      if (report.status === 'failed') throw report.error
    }
    await createFirstMap({ control, shards, logger })
    pools = shards.map(({ id, hosts }) => createShardPool({ id, hosts, logger }))
  })
  after(async () => {
    await Promise.all(pools.map(pool => pool.close()))
    await link.close()
    await control.destroy()
    await postgres.stop()
  })
  let lastUser = 1000

  return async function build(
    t: TestContext,
    bots: Record<string, BotParts & { settings?: BotSettings }> = { bot: {} },
  ) {
    const base = await rig(t, bots, { key })
    const { closing } = base
    t.after(() => link.mend())

    async function open({ sessionTtlMs = 60_000 } = {}): Promise<DataProcess> {
      const connect = (role: 'commands' | 'subscriber') => {
        const client = createRedis({ url: base.server.url, logger, name: 'test', role })
        closing(() => client.disconnect())
        return client
      }
      const registry = new Registry()
      const users = openShards({
        ...{ db: control, keyring: base.keyring, logger, registry, sets },
        redis: { commands: connect('commands'), subscriber: connect('subscriber') },
        settings,
      })
      const memory = openMemory({
        config: { REDIS_URL: base.server.url, CACHE_MEMORY_MB: 8, SESSION_TTL_MS: sessionTtlMs },
        ...{ keyring: base.keyring, naming: base.naming, registry, logger },
      })
      closing(async () => {
        await users.close()
        await memory.close()
      })
      await users.whenReady()
      const openData = createOpenData({
        ...memory,
        bots: { get: id => base.directory.get(id) },
        userShards: users.shards,
        naming: base.naming,
        profileTtlMs: 60_000,
        count: createDataMetrics(registry),
      })
      return {
        openData,
        userShards: users.shards,
        async writes() {
          const { values } = await registry.getSingleMetric('botyard_data_writes_total')!.get()
          return Object.fromEntries(
            values.map(({ labels, value }) => [`${labels.what} ${labels.outcome}`, value]),
          )
        },
        of: (
          update = {},
          { hash = randomBytes(16), signal = new AbortController().signal, settings = {} } = {},
        ) =>
          openData({
            ...{ bot: { id: update.bot ?? 'bot', uid: update.bot ?? 'bot', settings }, hash, signal },
            update: {
              ...{
                id: '1',
                bot: 'bot',
                platform: 'telegram',
                kind: 'message',
                conversation: '7',
                receivedAtMs: 0,
              },
              user: '7',
              ...update,
            } as InboundUpdate,
          }),
      }
    }

    return {
      ...base,
      control,
      link,
      open,
      /** A shard as anybody sees it. */
      shard: (n: 0 | 1): ShardDatabase => pools[n]!.db,
      /** Another user of a bot who lives on a shard. */
      userOn(shard: 0 | 1, bot = 'bot'): string {
        for (;;) {
          const user = String(++lastUser)
          if ((userKey({ platform: 'telegram', scope: bot, user }) < 1n << 62n ? 0 : 1) === shard) return user
        }
      },
    }
  }
}
