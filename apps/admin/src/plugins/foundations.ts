import { assertControlSchema } from '@botyard/control-database'
import controlDatabase from '@botyard/control-database/plugins/control-database'
import keyringReport from '@botyard/control-database/plugins/keyring-report'
import { adapters, type PlatformAdapter } from '@botyard/platforms'
import type { Platform } from '@botyard/queue-contracts'
import keyring from '@botyard/service-kit/plugins/keyring'
import ops from '@botyard/service-kit/plugins/ops'
import prototypes from '@botyard/service-kit/plugins/prototypes'
import redisClients from '@botyard/service-kit/plugins/redis-clients'
import secretFiles from '@botyard/service-kit/plugins/secret-files'
import securityEvents from '@botyard/service-kit/plugins/security-events'
import targetGuard from '@botyard/service-kit/plugins/target-guard'
import { shardPoolSettings } from '@botyard/shard-routing'
import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { type Config, configSchema, readSecretFiles } from '../config.ts'
import type { TokenKeys } from '../keys/token-keys.ts'
import ages from './ages.ts'
import moves from './moves.ts'
import sessionRedis from './session-redis.ts'
import tokens from './tokens.ts'

const meta = { name: 'foundations', fastify: '5.x' }

/** What an admin process is started with. */
export interface FoundationsOptions {
  readonly config: Config
  readonly logger: Logger
  readonly registry: Registry
  /** Aborts when the process is told to end: what is waited for at the start is waited for no longer. */
  readonly stopping: AbortSignal
  /** Exchanged when their file changes. */
  readonly tokenKeys: TokenKeys
}

declare module 'fastify' {
  interface FastifyInstance {
    /** One for each platform. */
    adapters: Readonly<Record<Platform, PlatformAdapter>>
  }
}

/** The plugin that opens what the admin API stands on. Tests decorate the app with their own instead. */
export function foundations(options: FoundationsOptions): FastifyPluginAsync {
  const { config, logger, registry, stopping, tokenKeys } = options
  return fp(async function foundations(app) {
    const common = { logger, registry, stopping }
    app.decorate('adapters', adapters)
    await app.register(ops, {
      ...{ host: config.ADMIN_OPS_HOST, port: config.ADMIN_OPS_PORT, check: 'listening' },
      ...common,
    })
    await app.register(securityEvents, common)
    await app.register(prototypes, common)
    await app.register(keyring, { keys: config.KEYRING })
    await app.register(secretFiles, {
      ...{ schema: configSchema, files: readSecretFiles(), ...common },
      apply: { JWT_KEYS: tokenKeys.replace },
    })
    await app.register(targetGuard, { allow: config.ALLOW_PRIVATE_TARGETS })
    await app.register(redisClients, {
      url: config.REDIS_URL,
      name: 'admin',
      roles: ['commands'],
      partitions: config.QUEUE_PARTITIONS,
      logger,
    })
    await app.register(sessionRedis, { url: config.CACHE_REDIS_URL, logger })
    await app.register(tokens, { partitions: config.QUEUE_PARTITIONS })
    await app.register(controlDatabase, {
      ...{ url: config.CONTROL_DATABASE_URL, poolSize: config.CONTROL_POOL_SIZE },
      ...common,
    })
    app.addReadyCheck('database', () =>
      assertControlSchema(app.controlDatabase).then(
        () => true,
        () => false,
      ),
    )
    await app.register(keyringReport, { app: 'admin', logger })
    await app.register(ages, {
      urls: { public: config.PUBLIC_URL, redis: config.REDIS_URL },
      ...common,
    })
    await app.register(moves, { settings: shardPoolSettings(config), ...common })
  }, meta)
}
