import { createBotStore, createControlDatabase, migrateControl } from '@botyard/control-database'
import { createKeyring, createLogger } from '@botyard/service-kit'
import { freePort, startPostgres } from '@botyard/testkit'
import { newKey, newKeys, telegramToken } from '../../shared/apps.ts'
import { scrapeMetrics } from '../../shared/metrics.ts'
import { appFile, botsFolder } from '../../shared/paths.ts'
import {
  type BenchedSystem,
  type StartOptions,
  UNREACHED_LIMIT,
  WEBHOOK_SECRET,
  WORKER_CONCURRENCY,
} from './benched-system.ts'
import { startNode } from './node-process.ts'

const files = {
  gateway: appFile('ingest-gateway/src/server.ts'),
  worker: appFile('worker/src/server.ts'),
  bots: botsFolder('bench'),
}

/** Which Telegram bots there are; default one that does nothing (bots/empty.ts). */
export interface BotyardOptions {
  /** Handlers in `folder`; a bot of the same name runs each. */
  readonly handlers?: readonly string[]
  readonly folder?: string
  /** Where replies go. */
  readonly apiRoot?: string
}

/** How one run of Botyard differs from another. */
export interface BotyardStartOptions extends StartOptions {
  /** The bot that gets the load; default the first. */
  readonly bot?: string
  /** A module that is loaded into the worker, and answers what it is asked: see `NodeProcess.ask`. */
  readonly probe?: string
}

/** Botyard's two apps, and a way to ask the worker's probe. */
export interface BenchedBotyard extends BenchedSystem {
  ask(question: string): Promise<unknown>
}

/** Botyard with some bots: its control database, and its two apps on demand. */
export interface Botyard {
  start(options: BotyardStartOptions): Promise<BenchedBotyard>
  close(): Promise<void>
}

/** Sets up a control database that all runs share; the apps themselves are started anew for each. */
export async function createBotyard(options: BotyardOptions = {}): Promise<Botyard> {
  const { handlers = ['empty'], folder = files.bots, apiRoot } = options
  const keys = newKeys()
  const secrets = { KEYRING: JSON.stringify(keys), NAMING_KEY: newKey() }
  await using stack = new AsyncDisposableStack()
  const postgres = stack.adopt(await startPostgres(), postgres => postgres.stop())
  const controlDatabaseUrl = await postgres.createDatabase()
  await addBots(controlDatabaseUrl, keys, handlers, apiRoot)
  const common = { ...secrets, CONTROL_DATABASE_URL: controlDatabaseUrl }
  const ownership = stack.move()
  return {
    start: ({ bot = handlers[0]!, ...options }) => startApps(bot, { ...common, BOTS_DIR: folder }, options),
    close: () => ownership.disposeAsync(),
  }
}

async function addBots(
  url: string,
  keys: Parameters<typeof createKeyring>[0],
  handlers: readonly string[],
  apiRoot: string | undefined,
): Promise<void> {
  const logger = createLogger({ name: 'bench', level: 'warn' })
  const database = createControlDatabase({ url, poolSize: 1, logger })
  try {
    await migrateControl(database, logger)
    const store = createBotStore(database, createKeyring(keys))
    for (const handler of handlers) {
      await store.insert({
        id: handler,
        platform: 'telegram',
        handler,
        credentials: { token: telegramToken(), webhookSecret: WEBHOOK_SECRET, ...(apiRoot && { apiRoot }) },
        settings: { userLimit: { perSecond: UNREACHED_LIMIT, burst: UNREACHED_LIMIT } },
      })
    }
  } finally {
    await database.destroy()
  }
}

async function startApps(
  bot: string,
  common: Record<string, string>,
  options: Omit<BotyardStartOptions, 'bot'>,
): Promise<BenchedBotyard> {
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
    ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
  }
  const { directory, profiles, probe } = options
  await using stack = new AsyncDisposableStack()
  const worker = await startNode({ name: 'worker', file: files.worker, env, directory, profiles, probe })
  stack.defer(() => worker.close())
  const gateway = await startNode({ name: 'gateway', file: files.gateway, env, directory, profiles })
  stack.defer(() => gateway.close())
  const ownership = stack.move()
  return {
    target: { port, path: `/hooks/telegram/${bot}`, secret: WEBHOOK_SECRET },
    pids: { gateway: gateway.pid, worker: worker.pid },
    handled: () => settled(workerOpsPort),
    ask: worker.ask,
    close: () => ownership.disposeAsync(),
  }
}

/** Updates settled as done. */
async function settled(workerOpsPort: number): Promise<number> {
  return (await scrapeMetrics(workerOpsPort)).sum('botyard_updates_handled_total', ({ outcome }) => outcome === 'ok')
}
