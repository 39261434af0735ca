import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { createKeyring, createLogger } from '@botyard/service-kit'
import { createBotStore, createControlDatabase, migrateControl } from '@botyard/shard-routing'
import { freePort, startPostgres } from '@botyard/testkit'
import {
  type BenchedSystem,
  type StartOptions,
  UNREACHED_LIMIT,
  WEBHOOK_SECRET,
  WORKER_CONCURRENCY,
} from './benched-system.ts'
import { startNode } from './node-process.ts'
import { scrape } from './scrape.ts'

const BOT = 'bench'
const files = {
  gateway: fileURLToPath(new URL('../../../apps/ingest-gateway/src/server.ts', import.meta.url)),
  worker: fileURLToPath(new URL('../../../apps/worker/src/server.ts', import.meta.url)),
  bots: fileURLToPath(new URL('../bots', import.meta.url)),
}

/** Botyard with one Telegram bot that does nothing (bots/empty.ts): its control database, and its two apps on demand. */
export interface Botyard {
  start(options: StartOptions): Promise<BenchedSystem>
  close(): Promise<void>
}

/** Sets up a control database that all runs share; the apps themselves are started anew for each. */
export async function createBotyard(): Promise<Botyard> {
  const keys = { active: 'bench', keys: { bench: randomBytes(32).toString('base64') } }
  const secrets = { KEYRING: JSON.stringify(keys), NAMING_KEY: randomBytes(32).toString('base64') }
  await using stack = new AsyncDisposableStack()
  const postgres = stack.adopt(await startPostgres(), postgres => postgres.stop())
  const controlDatabaseUrl = await postgres.createDatabase()
  await addBot(controlDatabaseUrl, keys)
  const ownership = stack.move()
  return {
    start: options => startApps({ ...secrets, CONTROL_DATABASE_URL: controlDatabaseUrl }, options),
    close: () => ownership.disposeAsync(),
  }
}

async function addBot(url: string, keys: Parameters<typeof createKeyring>[0]): Promise<void> {
  const logger = createLogger({ name: 'bench', level: 'warn' })
  const database = createControlDatabase({ url, poolSize: 1, logger })
  try {
    await migrateControl(database, logger)
    await createBotStore(database, createKeyring(keys)).insert({
      id: BOT,
      platform: 'telegram',
      handler: 'empty',
      credentials: { token: `1:${'A'.repeat(35)}`, webhookSecret: WEBHOOK_SECRET },
      settings: { userLimit: { perSecond: UNREACHED_LIMIT, burst: UNREACHED_LIMIT } },
    })
  } finally {
    await database.destroy()
  }
}

async function startApps(common: Record<string, string>, options: StartOptions): Promise<BenchedSystem> {
  const port = await freePort()
  const workerOpsPort = await freePort()
  const env = {
    ...common,
    REDIS_URL: options.redisUrl,
    DURABILITY: options.fsync === 'always' ? 'strict' : 'relaxed',
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    GATEWAY_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    GATEWAY_OPS_PORT: String(await freePort()),
    IP_LIMIT_PER_MINUTE: String(UNREACHED_LIMIT),
    IP_FAILURES_PER_MINUTE: String(UNREACHED_LIMIT),
    WORKER_OPS_PORT: String(workerOpsPort),
    WORKER_CONCURRENCY: String(WORKER_CONCURRENCY),
    BOTS_DIR: files.bots,
  }
  const { directory, profiles } = options
  await using stack = new AsyncDisposableStack()
  const worker = await startNode({ name: 'worker', file: files.worker, env, directory, profiles })
  stack.defer(() => worker.close())
  const gateway = await startNode({ name: 'gateway', file: files.gateway, env, directory, profiles })
  stack.defer(() => gateway.close())
  const ownership = stack.move()
  return {
    target: { port, path: `/hooks/telegram/${BOT}`, secret: WEBHOOK_SECRET },
    pids: { gateway: gateway.pid, worker: worker.pid },
    handled: () => settled(workerOpsPort),
    close: () => ownership.disposeAsync(),
  }
}

/** Updates settled as done. */
async function settled(workerOpsPort: number): Promise<number> {
  return (await scrape(workerOpsPort)).sum('botyard_updates_handled_total', 'outcome="ok"')
}
