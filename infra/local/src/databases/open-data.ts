import { join } from 'node:path'
import { shardsOf } from '@botyard/service-kit'
import type { DataUrls } from '../apps/apps-environment.ts'
import type { Config } from '../config.ts'
import { StartupError } from '../errors.ts'
import { freePort } from '../processes/free-port.ts'
import type { Supervisor } from '../processes/supervisor.ts'
import type { Terminal } from '../screen/terminal.ts'
import type { SecretName } from '../state/secrets.ts'
import type { StateFolder } from '../state/state-folder.ts'
import { findPostgres } from './postgres-programs.ts'
import { databaseProblem, postgresServer } from './postgres-server.ts'
import { findRedis } from './redis-program.ts'
import { answersPing, redisServer } from './redis-server.ts'

/** What the data needs of the stack. */
export interface DataOptions {
  readonly config: Config
  readonly folder: StateFolder
  readonly secrets: Readonly<Record<SecretName, string>>
  readonly supervisor: Supervisor
  readonly terminal: Terminal
}

const embeddedShards = ['shard-1', 'shard-2']

/**
 * Starts a Redis and Postgres servers of our own where the user named none, and checks that the named ones
 * answer.
 */
export async function openData(options: DataOptions): Promise<DataUrls> {
  const { config, supervisor, terminal } = options
  const named = shardsOf(config)
  const redis = config.REDIS_URL ? undefined : await ownRedis(options)
  const embedded = [...(config.CONTROL_DATABASE_URL ? [] : ['control']), ...(named ? [] : embeddedShards)]
  const servers = await ownPostgres(options, embedded)

  await terminal.step(
    redis || servers.length > 0 ? 'Redis and Postgres' : 'Your Redis and databases',
    async () => {
      const urls = [config.CONTROL_DATABASE_URL, ...(named ?? []).flatMap(shard => shard.hosts)]
      await Promise.all([checkRedis(config.REDIS_URL), ...urls.map(checkDatabase)])
      await supervisor.start(redis ? [redis, ...servers] : servers)
    },
  )
  return {
    redisUrl: config.REDIS_URL ?? redis!.url,
    controlDatabaseUrl: config.CONTROL_DATABASE_URL ?? servers[0]!.url,
    shards:
      named ??
      servers
        .slice(-embeddedShards.length)
        .map((server, i) => ({ id: embeddedShards[i]!, hosts: [server.url] })),
  }
}

async function ownRedis({ config, folder, secrets, terminal }: DataOptions) {
  return redisServer({
    program: await findRedis(terminal, join(folder.logs, 'install.log')),
    dir: folder.redis,
    config: folder.redisConfig,
    port: await freePort(),
    password: secrets.REDIS_PASSWORD,
    durability: config.DURABILITY,
    log: join(folder.logs, 'redis.log'),
  })
}

async function ownPostgres({ folder, secrets }: DataOptions, names: readonly string[]) {
  if (names.length === 0) return []
  const programs = await findPostgres(folder.postgres)
  const server = async (name: string) =>
    postgresServer({
      name,
      programs,
      folder: folder.postgres,
      port: await freePort(),
      password: secrets.POSTGRES_PASSWORD,
      appsPassword: secrets.POSTGRES_APPS_PASSWORD,
      replicates: name !== 'control',
      log: join(folder.logs, `postgres-${name}.log`),
    })
  return await Promise.all(names.map(server))
}

async function checkRedis(url: string | undefined): Promise<void> {
  if (!url || (await answersPing(url))) return
  throw new StartupError(
    `The Redis of REDIS_URL does not answer (${withoutPassword(url)}).`,
    'Start it, correct the url, or unset REDIS_URL to let Botyard start one of its own.',
  )
}

async function checkDatabase(url: string | undefined): Promise<void> {
  const problem = url && (await databaseProblem(url))
  if (!url || !problem) return
  throw new StartupError(
    `The database ${withoutPassword(url)} cannot be used: ${problem}.`,
    'Start it, or correct CONTROL_DATABASE_URL or SHARDS; unset, Botyard starts databases of its own.',
  )
}

function withoutPassword(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}
