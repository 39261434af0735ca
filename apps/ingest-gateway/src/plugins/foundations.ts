import botDirectory from '@botyard/control-database/plugins/bot-directory'
import controlDatabase from '@botyard/control-database/plugins/control-database'
import keyringReport from '@botyard/control-database/plugins/keyring-report'
import { adapters, type PlatformAdapter } from '@botyard/platforms'
import type { Platform } from '@botyard/queue-contracts'
import { registerRedisServer, replaceKeys } from '@botyard/service-kit'
import keyring from '@botyard/service-kit/plugins/keyring'
import naming from '@botyard/service-kit/plugins/naming'
import ops from '@botyard/service-kit/plugins/ops'
import prototypes from '@botyard/service-kit/plugins/prototypes'
import redisClients from '@botyard/service-kit/plugins/redis-clients'
import secretFiles from '@botyard/service-kit/plugins/secret-files'
import securityEvents from '@botyard/service-kit/plugins/security-events'
import targetGuard from '@botyard/service-kit/plugins/target-guard'
import tracing from '@botyard/service-kit/plugins/tracing'
import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { type Config, configSchema, intakeOptions, readSecretFiles, storeWaitMs } from '../config.ts'
import callWaiter from './call-waiter.ts'
import largeCalls from './large-calls.ts'
import mailbox from './mailbox.ts'

const meta = { name: 'foundations', fastify: '5.x' }

/** What a gateway process is started with. */
export interface FoundationsOptions {
  readonly config: Config
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

/** The plugin that opens what the gateway stands on. Tests decorate the app with their own instead. */
export function foundations({ config, logger, registry, stopping }: FoundationsOptions): FastifyPluginAsync {
  return fp(async function foundations(app) {
    const common = { logger, registry, stopping }
    let keys = config.KEYRING
    app.decorate('adapters', adapters)
    await app.register(ops, {
      ...{ host: config.GATEWAY_OPS_HOST, port: config.GATEWAY_OPS_PORT, check: 'listening' },
      ...common,
    })
    await app.register(securityEvents, common)
    await app.register(prototypes, common)
    await app.register(keyring, { keys })
    await app.register(naming, { key: config.NAMING_KEY })
    await app.register(tracing, {
      endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
      ratio: config.OTEL_TRACES_SAMPLER_ARG,
      ...{ app: 'ingest-gateway', logger },
    })
    await app.register(targetGuard, { allow: config.ALLOW_PRIVATE_TARGETS })
    await app.register(redisClients, {
      ...{ url: config.REDIS_URL, name: 'ingest-gateway', durability: config.DURABILITY, logger },
      partitions: config.QUEUE_PARTITIONS,
      roles: ['commands', 'subscriber'],
    })
    registerRedisServer(registry, app.redis.commands)
    await app.register(callWaiter, common)
    await app.register(largeCalls, {
      thread: {
        redisUrl: config.REDIS_URL,
        replicas: config.DURABLE_REPLICAS,
        namingKey: config.NAMING_KEY,
        allowPrivateTargets: config.ALLOW_PRIVATE_TARGETS,
        logLevel: config.LOG_LEVEL,
        ...intakeOptions(config),
      },
      keys: () => keys,
      maxBytes: config.MAX_BYTES_IN_FLIGHT,
      logger,
    })
    await app.register(secretFiles, {
      ...{ schema: configSchema, files: readSecretFiles(), ...common },
      apply: {
        KEYRING(next: typeof keys) {
          const change = replaceKeys(app.keyring)(next)
          keys = next
          app.largeCalls.replaceKeys(next)
          return change
        },
      },
    })
    await app.register(controlDatabase, {
      ...{ url: config.CONTROL_DATABASE_URL, poolSize: config.CONTROL_POOL_SIZE },
      ...common,
    })
    await app.register(keyringReport, { app: 'ingest-gateway', logger })
    await app.register(botDirectory, common)
    await app.register(mailbox, {
      partitions: config.QUEUE_PARTITIONS,
      replicas: config.DURABLE_REPLICAS,
      maxWaitMs: storeWaitMs,
      logger,
    })
  }, meta)
}
