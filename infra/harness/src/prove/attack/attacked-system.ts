import { createBotStore, createControlDatabase, migrateControl } from '@botyard/control-database'
import { createKeyring } from '@botyard/service-kit'
import { freePort, startPostgres, startRedis } from '@botyard/testkit'
import { pino } from 'pino'
import { newKey, newKeys, startApp } from '../../shared/apps.ts'
import type { AttackedBot } from './attack-plan.ts'

/**
 * A real gateway on a Redis and a Postgres of its own. Redis need not wait for the disk, which is not what is
 * attacked.
 */
export interface AttackedSystem {
  readonly port: number
  readonly pid: number
  close(): Promise<void>
}

const logger = pino({ level: 'silent' })
/** Limits of calls are another matter: what is proven is what each call may take. */
const unreached = String(10_000_000)

/** Starts it with these bots; resolves when it is ready. */
export async function startAttackedSystem(bots: readonly AttackedBot[]): Promise<AttackedSystem> {
  const keys = newKeys()
  await using stack = new AsyncDisposableStack()
  const redis = stack.adopt(await startRedis({ appendfsync: 'everysec' }), it => it.stop())
  const postgres = stack.adopt(await startPostgres(), it => it.stop())
  const db = createControlDatabase({ url: postgres.url, poolSize: 1, logger })
  await migrateControl(db, logger)
  const store = createBotStore(db, createKeyring(keys))
  for (const { id, platform, credentials } of bots) {
    await store.insert({ id, platform: platform as 'telegram', handler: 'echo', credentials, settings: {} })
  }
  await db.destroy()
  const port = await freePort()
  const env = {
    GATEWAY_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    GATEWAY_OPS_PORT: String(await freePort()),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    REDIS_URL: redis.url,
    CONTROL_DATABASE_URL: postgres.url,
    KEYRING: JSON.stringify(keys),
    NAMING_KEY: newKey(),
    ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
    DURABILITY: 'relaxed',
    IP_LIMIT_PER_MINUTE: unreached,
  }
  const child = stack.adopt(
    await startApp('ingest-gateway', env),
    async it => void (await it.kill('SIGTERM')),
  )
  const ownership = stack.move()
  return { port, pid: child.pid, close: () => ownership.disposeAsync() }
}
