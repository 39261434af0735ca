import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as ControlDatabase from '@botyard/control-database'
import { nodeOptions, repository } from '@botyard/local-infra'
import type * as ServiceKit from '@botyard/service-kit'
import { freePort, startPostgres } from '@botyard/testkit'
import { newKey, newKeys, runAppScript, telegramToken } from '../../shared/apps.ts'
import { scrapeMetrics } from '../../shared/metrics.ts'
import { appFile, botsFolder } from '../../shared/paths.ts'
import {
  type BenchedSystem,
  type StartOptions,
  unreachedLimit,
  webhookSecret,
  workerConcurrency,
} from './benched-system.ts'
import { startNode } from './node-process.ts'

/** A bot: its handler's name is its id. */
export interface BenchedBot {
  readonly handler: string
  /** Where its replies go; default Telegram itself, for a bot that says nothing. */
  readonly apiRoot?: string
}

/** Which bots there are, and whose code runs them. */
export interface BotyardOptions {
  readonly bots: readonly BenchedBot[]
  /** The handlers' folder under infra/harness/bots. */
  readonly folder: string
  /** Another Botyard than this one: the root of its repository. */
  readonly root?: string
}

/** How one run of Botyard differs from another. */
export interface BotyardStartOptions extends StartOptions {
  /** A module that is loaded into the worker, and answers what it is asked: see `NodeProcess.ask`. */
  readonly probe?: string
  /** More variables of both apps. */
  readonly settings?: Readonly<Record<string, string>>
}

/** Botyard's two apps. */
export interface BenchedBotyard extends BenchedSystem {
  /** Asks the worker's probe. */
  ask(question: string): Promise<unknown>
}

/** Botyard with some bots: its databases, and its two apps on demand. */
export interface Botyard {
  start(options: BotyardStartOptions): Promise<BenchedBotyard>
  close(): Promise<void>
}

/** Sets up databases that all runs share; the apps themselves are started anew for each. */
export async function createBotyard({ bots, folder, root = repository }: BotyardOptions): Promise<Botyard> {
  const keys = newKeys()
  await using stack = new AsyncDisposableStack()
  const postgres = stack.adopt(await startPostgres(), postgres => postgres.stop())
  const [controlUrl, shardUrl] = [await postgres.createDatabase(), await postgres.createDatabase()]
  const env = { KEYRING: JSON.stringify(keys), NAMING_KEY: newKey(), CONTROL_DATABASE_URL: controlUrl }
  const shards = JSON.stringify([{ id: 's1', hosts: [shardUrl] }])
  await runAppScript('admin/src/migrate.ts', { ...env, SHARDS: shards }, [], root)
  await addBots(root, controlUrl, keys, bots)
  const ownership = stack.move()
  const common = { ...env, BOTS_DIR: botsFolder(folder, root) }
  return {
    start: options => startApps({ root, common, postgres: postgres.pid, first: bots[0]!.handler }, options),
    close: () => ownership.disposeAsync(),
  }
}

/** By that Botyard's own code: its rows may be others. */
async function addBots(root: string, url: string, keys: object, bots: readonly BenchedBot[]): Promise<void> {
  const load = (name: string) => import(pathToFileURL(join(root, 'packages', name, 'src', 'index.ts')).href)
  const { createBotStore, createControlDatabase }: typeof ControlDatabase = await load('control-database')
  const { createKeyring, createLogger }: typeof ServiceKit = await load('service-kit')
  const logger = createLogger({ name: 'bench', level: 'warn' })
  const database = createControlDatabase({ url, poolSize: 1, logger })
  try {
    const store = createBotStore(database, createKeyring(keys as Parameters<typeof createKeyring>[0]))
    for (const { handler, apiRoot } of bots) {
      await store.insert({
        id: handler,
        platform: 'telegram',
        handler,
        credentials: { token: telegramToken(), webhookSecret, ...(apiRoot && { apiRoot }) },
        settings: { userLimit: { perSecond: unreachedLimit, burst: unreachedLimit } },
      })
    }
  } finally {
    await database.destroy()
  }
}

interface Setup {
  readonly root: string
  readonly common: Readonly<Record<string, string>>
  readonly postgres: number
  readonly first: string
}

async function startApps(setup: Setup, options: BotyardStartOptions): Promise<BenchedBotyard> {
  const port = await freePort()
  const workerOpsPort = await freePort()
  const env = {
    ...setup.common,
    REDIS_URL: options.redisUrl,
    DURABILITY: options.fsync === 'always' ? 'strict' : 'relaxed',
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    GATEWAY_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    GATEWAY_OPS_PORT: String(await freePort()),
    IP_LIMIT_PER_MINUTE: String(unreachedLimit),
    IP_FAILURES_PER_MINUTE: String(unreachedLimit),
    WORKER_OPS_PORT: String(workerOpsPort),
    WORKER_CONCURRENCY: String(workerConcurrency),
    ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
    ...options.settings,
  }
  const { directory, profiles, probe } = options
  const fileOf = (app: string) => appFile(`${app}/src/server.ts`, setup.root)
  await using stack = new AsyncDisposableStack()
  const worker = await startNode({
    name: 'worker',
    file: fileOf('worker'),
    nodeOptions: nodeOptions.worker,
    ...{ env, directory, profiles, probe },
  })
  stack.defer(() => worker.close())
  const gateway = await startNode({
    name: 'gateway',
    file: fileOf('ingest-gateway'),
    nodeOptions: nodeOptions['ingest-gateway'],
    ...{ env, directory, profiles },
  })
  stack.defer(() => gateway.close())
  const ownership = stack.move()
  return {
    targetOf: (bot = setup.first) => ({ port, path: `/hooks/telegram/${bot}`, secret: webhookSecret }),
    pids: { gateway: gateway.pid, worker: worker.pid, postgres: setup.postgres },
    handled: () => settled(workerOpsPort),
    ask: worker.ask,
    close: () => ownership.disposeAsync(),
  }
}

/** Updates settled as done. */
async function settled(workerOpsPort: number): Promise<number> {
  return (await scrapeMetrics(workerOpsPort)).sum(
    'botyard_updates_handled_total',
    ({ outcome }) => outcome === 'ok',
  )
}
