import { type ControlDatabase, createControlDatabase, migrateControl } from '@botyard/control-database'
import { createShardStore } from '@botyard/control-database/shards'
import { createKeyring, type Keyring } from '@botyard/service-kit'
import { coreMigrations, createFirstMap, migrateShards } from '@botyard/shard-routing/migrations'
import { freePort, startPostgres, startRedis, type TestProcess } from '@botyard/testkit'
import { pino } from 'pino'
import { issueToken, newKeys, startApp } from '../../shared/apps.ts'

/** Two shards with users, an empty server for a third, and the admin app that makes moves. */
export interface SplitSystem {
  readonly db: ControlDatabase
  readonly keyring: Keyring
  /** The empty database. */
  readonly emptyUrl: string
  /** What a process needs to reach the shards, as JSON. */
  readonly surroundings: { readonly controlUrl: string; readonly redisUrl: string; readonly keys: object }
  readonly token: string
  /** Starts an admin app, and answers its url. */
  startAdmin(): Promise<{ url: string; process: TestProcess }>
  close(): Promise<void>
}

const logger = pino({ level: 'silent' })

/** Starts servers of its own; resolves when the first two shards share the key space. */
export async function startSplitSystem(): Promise<SplitSystem> {
  await using stack = new AsyncDisposableStack()
  const settings = { wal_level: 'logical' }
  const redis = await startRedis()
  stack.defer(() => redis.stop())
  const servers = await Promise.all([1, 2, 3].map(() => startPostgres({ settings })))
  for (const server of servers) stack.defer(() => server.stop())
  const [first, second, third] = await Promise.all(servers.map(server => server.createDatabase()))
  // The control database has a server of its own in earnest; here it stands beside what will be the third
  // shard.
  const controlUrl = await servers[2]!.createDatabase()
  const keys = newKeys()
  const keyring = createKeyring(keys)
  const db = stack.adopt(createControlDatabase({ url: controlUrl, poolSize: 5, logger }), it => it.destroy())
  await migrateControl(db, logger)
  const shards = [first!, second!].map((url, i) => ({ id: `shard-${i + 1}`, hosts: [url] }))
  for (const shard of shards) await createShardStore(db, keyring).register(shard)
  const reports = await migrateShards({ shards, sets: [coreMigrations], control: db, logger })
  for (const report of reports) if (report.status === 'failed') throw report.error
  await createFirstMap({ control: db, shards, logger })

  const jwtKeys = JSON.stringify(newKeys('a1'))
  const token = await issueToken(jwtKeys)
  const ownership = stack.move()
  return {
    ...{ db, keyring, emptyUrl: third!, surroundings: { controlUrl, redisUrl: redis.url, keys } },
    token,
    async startAdmin() {
      const port = await freePort()
      const process = await startApp(
        'admin',
        {
          ...{ REDIS_URL: redis.url, CONTROL_DATABASE_URL: controlUrl, KEYRING: JSON.stringify(keys) },
          ...{ ADMIN_PORT: String(port), ADMIN_OPS_PORT: String(await freePort()), JWT_KEYS: jwtKeys },
          ...{ ADMIN_LIMIT_PER_MINUTE: '100000', PUBLIC_URL: 'https://bots.example.com' },
        },
        { timeoutMs: 90_000 },
      )
      ownership.defer(async () => void (await process.kill()))
      return { url: `http://127.0.0.1:${port}`, process }
    },
    close: () => ownership.disposeAsync(),
  }
}
