import { exampleBots, nodeOptions, repository } from '@botyard/local-infra'
import {
  freePort,
  type StartRedisOptions,
  startChild,
  startPostgres,
  startRedis,
  type TestPostgres,
  type TestProcess,
  type TestRedis,
  untilTrue,
} from '@botyard/testkit'
import { type Env, issueToken, newKey, newKeys, runAppScript } from './apps.ts'
import { appFile, botsFolder } from './paths.ts'

export type AppName = 'gateway' | 'worker' | 'admin'

/** Where an instance of an app listens, whichever process and release it is. */
export interface Place {
  readonly app: AppName
  readonly host: string
  readonly port: number
  readonly opsPort: number
}

/** One app as a process. */
export interface Instance extends Place {
  readonly process: TestProcess
  readonly url: string
  /** SIGTERM, and the end of the process. */
  stop(): Promise<void>
}

/** Redis and Postgres, and apps of any release on them, each started for itself as an operator does. */
export interface Installation {
  readonly redis: TestRedis
  readonly postgres: TestPostgres
  readonly controlUrl: string
  readonly shardUrls: readonly string[]
  /** What every app is told. */
  readonly env: Env
  /** An owner's token for the admin API. */
  readonly token: string
  /** As an operator does before the apps of a release: its migrations, then those of the bots. */
  migrate(root?: string): Promise<void>
  /** An address of one's own for an instance. */
  place(app: AppName, host?: string): Promise<Place>
  /** What an instance at a place is told, the rest of `env` included. */
  environmentOf(place: Place, root?: string): Env
  /** Ends every app at once, as a machine that burns does. */
  killApps(): Promise<void>
  /** Starts an app of the release at `root`, at a place that is free; resolves when it is ready. */
  start(place: Place, options?: StartOptions): Promise<Instance>
  [Symbol.asyncDispose](): Promise<void>
}

/** How one instance is started. */
export interface StartOptions {
  readonly root?: string
  readonly env?: Env
  /** What stands before the command, as `ip netns exec <machine>`. */
  readonly prefix?: readonly string[]
}

const readyWithinMs = 120_000
const folders = { gateway: 'ingest-gateway', worker: 'worker', admin: 'admin' } as const

/** Which data there is, and what all apps are told. */
export interface InstallationOptions {
  /** A folder under infra/harness/bots; the example bots unless given. */
  readonly bots?: string
  readonly shards?: number
  /** The hosts of each shard, in their order, instead of shards of its own. */
  readonly shardHosts?: readonly (readonly string[])[]
  readonly redis?: StartRedisOptions
  /** Another Redis than one of its own, which its owner ends; `env` may name it otherwise. */
  readonly redisServer?: TestRedis
  /** The folder of another Postgres than the embedded one. */
  readonly postgresPrograms?: string
  readonly postgresSettings?: Readonly<Record<string, string>>
  /** The address that the apps find the data at. */
  readonly dataHost?: string
  readonly env?: Env
}

/** Starts the data; no app runs and nothing is migrated. */
export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  await using stack = new AsyncDisposableStack()
  const redis =
    options.redisServer ??
    stack.adopt(await startRedis({ appendfsync: 'always', ...options.redis }), it => it.stop())
  const postgres = stack.adopt(
    await startPostgres({
      ...(options.postgresPrograms && { programs: options.postgresPrograms }),
      ...(options.postgresSettings && { settings: options.postgresSettings }),
    }),
    it => it.stop(),
  )
  const at = (url: string) => url.replace('127.0.0.1', options.dataHost ?? '127.0.0.1')
  const controlUrl = at(await postgres.createDatabase())
  const shardUrls: string[] = []
  const ownShards = options.shardHosts ? 0 : (options.shards ?? 1)
  for (let n = 0; n < ownShards; n++) shardUrls.push(at(await postgres.createDatabase()))
  const jwtKeys = JSON.stringify(newKeys())
  const env: Env = {
    CONTROL_DATABASE_URL: controlUrl,
    REDIS_URL: at(redis.url),
    PUBLIC_URL: 'https://bots.example.com',
    KEYRING: JSON.stringify(newKeys()),
    NAMING_KEY: newKey(),
    JWT_KEYS: jwtKeys,
    ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
    ADMIN_LIMIT_PER_MINUTE: '100000',
    IP_LIMIT_PER_MINUTE: '100000000',
    IP_FAILURES_PER_MINUTE: '100000000',
    ...options.env,
  }
  const shardHosts = options.shardHosts ?? shardUrls.map(url => [url])
  const shards = JSON.stringify(shardHosts.map((hosts, i) => ({ id: `s${i + 1}`, hosts })))
  const botsOf = (root: string) => (options.bots === undefined ? exampleBots : botsFolder(options.bots, root))
  const token = await issueToken(jwtKeys)
  const running = new Set<TestProcess>()
  const killApps = async () => {
    await Promise.all([...running].map(it => it.kill('SIGKILL')))
    running.clear()
  }
  stack.defer(killApps)
  const environmentOf = ({ app, host, port, opsPort }: Place, root = repository): Env => {
    const name = app.toUpperCase()
    return {
      ...env,
      BOTS_DIR: botsOf(root),
      [`${name}_HOST`]: host,
      [`${name}_PORT`]: String(port),
      [`${name}_OPS_HOST`]: host,
      [`${name}_OPS_PORT`]: String(opsPort),
    }
  }

  const ownership = stack.move()
  return {
    ...{ redis, postgres, controlUrl, shardUrls, env, token, environmentOf, killApps },
    async migrate(root = repository) {
      const told = { ...env, SHARDS: shards, BOTS_DIR: botsOf(root) }
      for (const script of ['admin/src/migrate.ts', 'worker/src/migrate.ts']) {
        // Again if it fails, as an orchestrator does: on a busy machine a server may not answer in time.
        const run = () => runAppScript(script, told, [], root)
        await run().catch(run).catch(run)
      }
    },
    place: async (app, host = '127.0.0.1') => ({
      ...{ app, host, port: await freePort(), opsPort: await freePort() },
    }),
    async start(place, { root = repository, env: more = {}, prefix = [] } = {}) {
      const folder = folders[place.app]
      const [command, ...args] = [
        ...prefix,
        ...[process.execPath, ...nodeOptions[folder], appFile(`${folder}/src/server.ts`, root)],
      ]
      const told = { LOG_LEVEL: 'info', ...environmentOf(place, root), ...more }
      const child = await startChild(command!, args, {
        env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...told },
      })
      running.add(child)
      await untilReady(place, child)
      return {
        ...place,
        ...{ process: child, url: `http://${place.host}:${place.port}` },
        async stop() {
          await child.kill('SIGTERM')
          running.delete(child)
        },
      }
    },
    [Symbol.asyncDispose]: () => ownership.disposeAsync(),
  }
}

/** Resolves when the ops routes say so; rejects with the end of the log of one that ends before. */
async function untilReady({ app, host, opsPort }: Place, child: TestProcess): Promise<void> {
  const isReady = async () => (await fetch(`http://${host}:${opsPort}/ready`)).ok
  const endedOrReady = async () => !child.running || (await isReady())
  await untilTrue(endedOrReady, `the ${app} to be ready`, readyWithinMs)
  if (!child.running) throw new Error(`the ${app} ended:\n${child.lines.slice(-5).join('\n')}`)
}
