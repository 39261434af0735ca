import { availableParallelism } from 'node:os'
import botDirectory from '@botyard/control-database/plugins/bot-directory'
import controlDatabase from '@botyard/control-database/plugins/control-database'
import keyringReport from '@botyard/control-database/plugins/keyring-report'
import { adapters, type PlatformAdapter } from '@botyard/platforms'
import type { Platform } from '@botyard/queue-contracts'
import { registerRedisServer } from '@botyard/service-kit'
import { processCount } from '@botyard/service-kit/cluster'
import keyring from '@botyard/service-kit/plugins/keyring'
import naming from '@botyard/service-kit/plugins/naming'
import prototypes from '@botyard/service-kit/plugins/prototypes'
import redisClients from '@botyard/service-kit/plugins/redis-clients'
import secretFiles from '@botyard/service-kit/plugins/secret-files'
import securityEvents from '@botyard/service-kit/plugins/security-events'
import targetGuard from '@botyard/service-kit/plugins/target-guard'
import tracing from '@botyard/service-kit/plugins/tracing'
import { shardPoolSettings } from '@botyard/shard-routing'
import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { registerBacklog, registerBotHealth } from '../backlog-metrics.ts'
import { type Config, configSchema, readSecretFiles } from '../config.ts'
import type { Handlers } from '../handlers/load-bots.ts'
import opsRoutes from '../routes/ops.ts'
import handlerReport from './handler-report.ts'
import handlers from './handlers.ts'
import sendLimits from './send-limits.ts'
import stores from './stores.ts'
import tasks from './tasks.ts'
import userData from './user-data.ts'
import userShards from './user-shards.ts'

const meta = { name: 'foundations', fastify: '5.x' }

/** What a worker process is started with. */
export interface FoundationsOptions {
  readonly config: Config
  readonly handlers: Handlers
  readonly logger: Logger
  readonly registry: Registry
  /** Aborts when the process is told to end: what is waited for at the start is waited for no longer. */
  readonly stopping: AbortSignal
}

declare module 'fastify' {
  interface FastifyInstance {
    /** One for each platform. */
    adapters: Readonly<Record<Platform, PlatformAdapter>>
  }
}

/** The plugin that opens what a worker stands on. Tests decorate the app with their own instead. */
export function foundations(options: FoundationsOptions): FastifyPluginAsync {
  const { config, handlers: loaded, logger, registry, stopping } = options
  return fp(async function foundations(app) {
    const common = { logger, registry, stopping }
    const processes = processCount(config.PROCESSES)
    app.decorate('adapters', adapters)
    await app.register(opsRoutes, { config, ...common })
    await app.register(securityEvents, common)
    await app.register(prototypes, common)
    await app.register(keyring, { keys: config.KEYRING })
    await app.register(naming, { key: config.NAMING_KEY })
    await app.register(secretFiles, { schema: configSchema, files: readSecretFiles(), ...common })
    await app.register(tracing, {
      endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
      ratio: config.OTEL_TRACES_SAMPLER_ARG,
      ...{ app: 'worker', logger },
    })
    await app.register(targetGuard, { allow: config.ALLOW_PRIVATE_TARGETS })
    await app.register(redisClients, {
      ...{ url: config.REDIS_URL, name: 'worker', durability: config.DURABILITY, logger },
      partitions: config.QUEUE_PARTITIONS,
      roles: ['worker', 'commands', 'subscriber'],
    })
    registerBacklog(registry, app.redis.commands, config.QUEUE_PARTITIONS)
    registerBotHealth(registry, app.redis.commands)
    registerRedisServer(registry, app.redis.commands)
    await app.register(controlDatabase, {
      ...{ url: config.CONTROL_DATABASE_URL, poolSize: config.CONTROL_POOL_SIZE },
      ...common,
    })
    await app.register(keyringReport, { app: 'worker', logger })
    await app.register(botDirectory, common)
    await app.register(handlers, { handlers: loaded, ...common })
    await app.register(stores, common)
    await app.register(sendLimits)
    await app.register(userShards, { settings: shardPoolSettings(config, processes), ...common })
    await app.register(userData, { config, ...common })
    await app.register(tasks, {
      threads: config.CPU_THREADS ?? threadsOf(processes),
      queue: config.CPU_QUEUE,
      timeoutMs: config.CPU_TIMEOUT_MS,
      memoryMb: config.CPU_THREAD_MEMORY_MB,
      ...common,
    })
    await app.register(handlerReport, common)
  }, meta)
}

/** The processors that the processes leave over; at least one thread each. */
function threadsOf(processes: number): number {
  return Math.max(1, Math.floor(availableParallelism() / processes) - 1)
}
