import { repository } from '@botyard/local-infra'
import {
  freePort,
  type StartRedisOptions,
  startChild,
  startPostgres,
  startRedis,
  type TestPostgres,
  type TestProcess,
  type TestRedis,
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

const folders = { gateway: 'ingest-gateway', worker: 'worker', admin: 'admin' } as const

/** Starts the data; no app runs and nothing is migrated. `bots` is a folder under infra/harness/bots. */
export async function startInstallation(options: {
  bots: string
  shards?: number
  redis?: StartRedisOptions
  /** The folder of another Postgres than the embedded one. */
  postgresPrograms?: string
  postgresSettings?: Readonly<Record<string, string>>
  /** The address that the apps find the data at. */
  dataHost?: string
  env?: Env
}): Promise<Installation> {
  await using stack = new AsyncDisposableStack()
  const redis = stack.adopt(await startRedis({ appendfsync: 'always', ...options.redis }), it => it.stop())
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
  for (let n = 0; n < (options.shards ?? 1); n++) shardUrls.push(at(await postgres.createDatabase()))
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
    ...options.env,
  }
  const shards = JSON.stringify(shardUrls.map((url, i) => ({ id: `s${i + 1}`, hosts: [url] })))
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
      BOTS_DIR: botsFolder(options.bots, root),
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
      const told = { ...env, SHARDS: shards, BOTS_DIR: botsFolder(options.bots, root) }
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
      const [command, ...args] = [
        ...prefix,
        process.execPath,
        appFile(`${folders[place.app]}/src/server.ts`, root),
      ]
      const told = { LOG_LEVEL: 'info', ...environmentOf(place, root), ...more }
      const child = await startChild(command!, args, {
        env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...told },
      })
      running.add(child)
      await child.waitForLine('"msg":"ready"', { timeoutMs: 60_000 })
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
