import { maxHandlerTimeoutMs } from '@botyard/queue-contracts'
import {
  cacheConfig,
  controlDatabaseConfig,
  loggerConfig,
  readConfig as read,
  redisConfig,
  secretFilesOf,
  secretsConfig,
  shardPoolConfig,
  targetsConfig,
} from '@botyard/service-kit'
import { processesConfig } from '@botyard/service-kit/cluster'
import { memoryConfig } from '@botyard/service-kit/pressure'
import { tracingConfig } from '@botyard/service-kit/tracing'
import { type Static, Type } from 'typebox'

const botsConfig = {
  BOTS_DIR: Type.String({
    minLength: 1,
    description: "The folder of the bots' code, one file a bot; `npm start` takes packages/example-bots/src.",
  }),
}

const botsConfigSchema = Type.Object(botsConfig)

/** Every variable of the worker. */
export const configSchema = Type.Object({
  WORKER_OPS_HOST: Type.String({
    default: '127.0.0.1',
    description:
      'The address that the ops routes listen on; in a container 0.0.0.0, behind a port that is not public.',
  }),
  WORKER_OPS_PORT: Type.Integer({
    minimum: 1,
    maximum: 65_535,
    default: 9102,
    description: 'The port of /live, /ready and /metrics; never public.',
  }),
  WORKER_CONCURRENCY: Type.Integer({
    minimum: 1,
    maximum: 10_000,
    default: 500,
    description: 'Handlers that run at once in one process, each of another conversation.',
  }),
  WORKER_GROUPS: Type.Array(Type.String({ pattern: '^(-|[a-z0-9][a-z0-9-]{0,62})$' }), {
    default: [],
    uniqueItems: true,
    description:
      'The groups of bots (settings.group) that this process runs, by commas; - stands for the bots without a group, which it runs if the list is empty.',
  }),
  SEND_CONCURRENCY: Type.Integer({
    minimum: 1,
    maximum: 10_000,
    default: 250,
    description: 'Replies that one process sends at once, each of another conversation.',
  }),
  HANDLER_TIMEOUT_MS: Type.Integer({
    minimum: 100,
    maximum: maxHandlerTimeoutMs,
    default: 60_000,
    description: "Time a handler may take unless its bot's settings.handlerTimeoutMs says otherwise.",
  }),
  SHUTDOWN_GRACE_MS: Type.Integer({
    minimum: 0,
    maximum: 600_000,
    default: 15_000,
    description:
      'How long handlers may go on after SIGTERM; then they are aborted and their updates handed back.',
  }),
  WORKER_BLOCKED_SECONDS: Type.Integer({
    minimum: 2,
    maximum: 3_600,
    default: 10,
    description:
      "How long a bot's code may block the event loop before the process names its update and ends; after the second time the update is a dead letter.",
  }),
  STALLED_AFTER_SECONDS: Type.Integer({
    minimum: 1,
    maximum: 3_600,
    default: 30,
    description:
      'How long mail may wait that a worker has places for and takes none of, before /ready fails there.',
  }),
  CPU_THREADS: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 256,
      description:
        "Threads of each process for bots' tasks (ctx.run); default one less than its part of the processors, at least one.",
    }),
  ),
  CPU_QUEUE: Type.Integer({
    minimum: 1,
    maximum: 100_000,
    default: 256,
    description:
      'Tasks of one bot that may wait for a thread, shared by the bots that have any waiting; beyond that the update is tried again later.',
  }),
  CPU_TIMEOUT_MS: Type.Integer({
    minimum: 10,
    maximum: 3_600_000,
    default: 10_000,
    description: 'Time a task may run unless its call says otherwise; its thread is ended then.',
  }),
  CPU_THREAD_MEMORY_MB: Type.Integer({
    minimum: 16,
    maximum: 65_536,
    default: 256,
    description: 'JavaScript memory of each thread: a task that needs more is ended. Buffers are not in it.',
  }),
  CACHE_MEMORY_MB: Type.Integer({
    minimum: 1,
    maximum: 65_536,
    default: 64,
    description: "Memory of each worker for users' profiles and what bots cache, estimated.",
  }),
  PROFILE_TTL_MS: Type.Integer({
    minimum: 1_000,
    maximum: 86_400_000,
    default: 60_000,
    description:
      "How long a user's profile is cached; a change through ctx.user is seen at once all the same.",
  }),
  SESSION_TTL_MS: Type.Integer({
    minimum: 1_000,
    maximum: 604_800_000,
    default: 900_000,
    description: 'How long a session (ctx.session) lives after it was last read or written.',
  }),
  ...memoryConfig,
  ...processesConfig,
  ...tracingConfig,
  ...botsConfig,
  ...targetsConfig,
  ...redisConfig,
  ...cacheConfig,
  ...secretsConfig,
  ...controlDatabaseConfig,
  ...shardPoolConfig,
  ...loggerConfig,
})
export type Config = Readonly<Static<typeof configSchema>>

/** Every variable of `migrate.ts`. */
export const migrationConfigSchema = Type.Object({
  ...botsConfig,
  KEYRING: secretsConfig.KEYRING,
  ...controlDatabaseConfig,
  ...shardPoolConfig,
  ...loggerConfig,
})

/** Reads the worker's configuration; throws `ConfigError` listing every problem. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return read(configSchema, env)
}

/** The files that the worker's variables are read from, by variable. */
export function readSecretFiles(env: NodeJS.ProcessEnv = process.env): Readonly<Record<string, string>> {
  return secretFilesOf(configSchema, env)
}

/** Reads what `migrate.ts` needs, so that a migration job holds no other secret. */
export function readMigrationConfig(
  env: NodeJS.ProcessEnv = process.env,
): Static<typeof migrationConfigSchema> {
  return read(migrationConfigSchema, env)
}

/** Reads what `check-bots.ts` needs. */
export function readBotsConfig(env: NodeJS.ProcessEnv = process.env): Static<typeof botsConfigSchema> {
  return read(botsConfigSchema, env)
}
