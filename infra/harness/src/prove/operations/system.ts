import { createBotStore, createControlDatabase } from '@botyard/control-database'
import { createShardStore } from '@botyard/control-database/shards'
import { type SimulatedBotApi, startBotApi } from '@botyard/platform-simulators'
import { createKeyring } from '@botyard/service-kit'
import {
  freePort,
  type StartRedisOptions,
  startPostgres,
  startRedis,
  type TestPostgres,
  type TestRedis,
  untilTrue,
} from '@botyard/testkit'
import { pino } from 'pino'
import { newKey, newKeys, runAppScript } from '../../shared/apps.ts'
import { appFile, botsFolder } from '../../shared/paths.ts'
import { type AppLog, type AppProcess, startApp } from './app-process.ts'

/** A whole Botyard on a Redis and a Postgres of its own, whose parts are started one by one. */
export interface OperatedSystem {
  readonly redis: TestRedis
  readonly postgres: TestPostgres
  readonly controlUrl: string
  /** What all its apps are started with. */
  readonly variables: Readonly<Record<string, string>>
  readonly api: SimulatedBotApi
  /** Registers a shard as it stands in the database, unchecked. */
  registerShard(id: string, hosts: readonly string[]): Promise<void>
  /** Its log is kept in memory, or goes to a file or a pipe. */
  start(app: AppName, env?: Record<string, string | undefined>, log?: AppLog): Promise<RunningApp>
  /** Sends a text to a bot through a gateway; the status. */
  say(
    gateway: RunningApp,
    text: string,
    options?: { bot?: 'echo' | 'long'; chat?: number; updateId?: number },
  ): Promise<number>
  /** Resolves when the Bot API was sent this text; rejects after `withinMs`. */
  replied(text: string, withinMs?: number): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export type AppName = 'gateway' | 'worker' | 'admin'

/** One app as a process. */
export interface RunningApp {
  readonly process: AppProcess
  readonly url: string
  ready(): Promise<{ ready: boolean; checks: Record<string, boolean> }>
  /** The value of a metric without labels of its own. */
  metric(name: string): Promise<number>
  /** Closes our end of its log. */
  leaveLog(): void
  /** SIGTERM; its exit code and how long it took. */
  stop(): Promise<{ code: number | null; ms: number }>
}

const servers = { gateway: 'ingest-gateway', worker: 'worker', admin: 'admin' } as const
const secret = 'sesame'
const logger = pino({ level: 'silent' })

/** Starts data and Bot API, migrates, and adds the bots. */
export async function startSystem(redisOptions: StartRedisOptions = {}): Promise<OperatedSystem> {
  await using stack = new AsyncDisposableStack()
  const redis = stack.adopt(await startRedis({ appendfsync: 'everysec', ...redisOptions }), it => it.stop())
  const postgres = stack.adopt(await startPostgres(), it => it.stop())
  const [controlUrl, shardUrl] = [await postgres.createDatabase(), await postgres.createDatabase()]
  const api = stack.adopt(await startBotApi(), it => it.close())
  const keys = newKeys()
  const keyring = createKeyring(keys)
  const common = {
    ...{
      CONTROL_DATABASE_URL: controlUrl,
      REDIS_URL: redis.url,
      DURABILITY: 'relaxed',
      PUBLIC_URL: 'http://127.0.0.1',
    },
    ...{
      KEYRING: JSON.stringify(keys),
      JWT_KEYS: JSON.stringify(keys),
      NAMING_KEY: newKey(),
    },
    ...{
      ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
      BOTS_DIR: botsFolder('prove'),
      RUNS_FILE: '/dev/null',
    },
  }
  const shards = JSON.stringify([{ id: 's1', hosts: [shardUrl] }])
  for (const app of ['admin', 'worker'])
    await runAppScript(`${app}/src/migrate.ts`, { ...common, SHARDS: shards })
  const db = stack.adopt(createControlDatabase({ url: controlUrl, poolSize: 2, logger }), it => it.destroy())
  const credentials = { token: api.token, webhookSecret: secret, apiRoot: api.url }
  for (const id of ['echo', 'long']) {
    await createBotStore(db, keyring).insert({
      id,
      platform: 'telegram',
      handler: id,
      credentials,
      settings: {},
    })
  }
  const running: AppProcess[] = []
  stack.defer(async () => void (await Promise.all(running.map(it => it.kill('SIGKILL')))))
  let updates = 0

  const owned = stack.move()
  return {
    ...{ redis, postgres, controlUrl, api, variables: common },
    async registerShard(id, hosts) {
      await createShardStore(db, keyring).register({ id, hosts })
    },
    async start(app, env = {}, log = 'kept') {
      const [port, opsPort] = [await freePort(), await freePort()]
      const upper = app.toUpperCase()
      const own = { [`${upper}_HOST`]: '127.0.0.1', [`${upper}_PORT`]: String(port), OPS_HOST: '127.0.0.1' }
      const ops = { [`${upper}_OPS_HOST`]: '127.0.0.1', [`${upper}_OPS_PORT`]: String(opsPort) }
      const file = appFile(`${servers[app]}/src/server.ts`)
      const started = await startApp(file, { ...common, ...own, ...ops, ...env }, log)
      const { process } = started
      running.push(process)
      return {
        ...started,
        url: `http://127.0.0.1:${port}`,
        async metric(name) {
          const page = await (await fetch(`http://127.0.0.1:${opsPort}/metrics`)).text()
          return Number(new RegExp(`^${name}\\{[^}]*\\} (.*)$`, 'm').exec(page)?.[1])
        },
        async ready() {
          const answer = await fetch(`http://127.0.0.1:${opsPort}/ready`, {
            signal: AbortSignal.timeout(3_000),
          })
          return (await answer.json()) as Awaited<ReturnType<RunningApp['ready']>>
        },
        async stop() {
          const since = performance.now()
          const { code } = await process.kill('SIGTERM')
          return { code, ms: Math.round(performance.now() - since) }
        },
      }
    },
    async say(gateway, text, { bot = 'echo', chat = 77, updateId = ++updates } = {}) {
      const person = { id: chat, is_bot: false, first_name: 'a' }
      const message = { message_id: 1, date: 1, chat: { id: chat, type: 'private' }, from: person, text }
      const answer = await fetch(`${gateway.url}/hooks/telegram/${bot}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
        body: JSON.stringify({ update_id: updateId, message }),
        signal: AbortSignal.timeout(15_000),
      }).catch(() => undefined)
      return answer?.status ?? 0
    },
    async replied(text, withinMs = 15_000) {
      await untilTrue(() => api.sent.some(message => message.text === text), `the reply "${text}"`, withinMs)
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Resolves when all apps say that they are ready; rejects with the end of the log of one that does not. */
export async function whenReady(...apps: readonly RunningApp[]): Promise<void> {
  for (const { process, ready } of apps) {
    const ended = process.exited.then(() => 'ended' as const)
    const waited = untilTrue(async () => (await ready()).ready, 'ready', 120_000).catch(() => 'late' as const)
    const end = await Promise.race([ended, waited])
    if (typeof end === 'string')
      throw new Error(`an app is not ready (${end}): ${process.lines.slice(-2).join(' ')}`)
  }
}
