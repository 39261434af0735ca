import type { ControlDatabase } from '@botyard/control-database'
import type { Tokens } from '@botyard/mailbox'
import type { PlatformAdapter } from '@botyard/platforms'
import type { Platform } from '@botyard/queue-contracts'
import {
  createClientAddresses,
  type KeySet,
  type LiveKeyring,
  type ReportSecurityEvent,
  type TargetGuard,
} from '@botyard/service-kit'
import type { MoveDeps, MoveRunner } from '@botyard/shard-routing/moves'
import helmet from '@fastify/helmet'
import { type FastifyError, type FastifyInstance, type FastifyPluginAsync, fastify } from 'fastify'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { createMetrics } from './metrics.ts'
import authentication from './plugins/authentication.ts'
import errorAnswers, { createErrorHandler } from './plugins/error-answers.ts'
import identifying from './plugins/identifying.ts'
import requestLimits from './plugins/request-limits.ts'
import requestLog from './plugins/request-log.ts'
import { apiRoutes } from './routes/index.ts'
import { validatorCompiler } from './validator-compiler.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose request it is; behind trusted proxies the client that they name. */
    readonly clientIp: string
  }
}

/**
 * What the admin API stands on, as decorators of the app: `plugins/foundations.ts` opens them, tests give
 * their own.
 */
export interface AdminFoundations {
  readonly adapters: Readonly<Record<Platform, PlatformAdapter>>
  readonly controlDatabase: ControlDatabase
  /** Wakes the workers. */
  readonly tokens: Tokens
  readonly keyring: LiveKeyring
  readonly moves: Omit<MoveDeps, 'onStep'>
  readonly moveRunner: Pick<MoveRunner, 'wake'>
  /** Where changes are announced; may be away. */
  readonly redis: { readonly commands: Redis }
  /** Where the workers keep sessions; may be away. */
  readonly sessionRedis: Redis
  readonly security: ReportSecurityEvent
  readonly targets: Pick<TargetGuard, 'check' | 'dispatcher'>
}

/** What the app is built with. */
export interface AppDeps {
  /** Opens {@link AdminFoundations}. */
  readonly foundations: FastifyPluginAsync
  readonly logger: Logger
  readonly registry: Registry
}

/** What can be tuned. */
export interface AppOptions {
  /** Those that count now: they are exchanged while the app runs. */
  readonly jwtKeys: () => KeySet
  /** How long no process must have sealed with a key that is to go. */
  readonly keySettleMs: number
  readonly limitPerMinute: number
  /** The gateway's, as platforms call it, without a slash at its end. */
  readonly publicUrl: string
  /** Partitions of the queues, the same number as in the other apps. */
  readonly partitions: number
  /** CIDRs whose forwarded headers count. */
  readonly trustProxy: readonly string[]
}

/**
 * Builds the admin API: what every request passes, in order, then the routes. Fastify closes the plugins in
 * the reverse order.
 */
export function buildApp({ foundations, logger, registry }: AppDeps, options: AppOptions): FastifyInstance {
  const metrics = createMetrics(registry)
  const app = fastify({
    bodyLimit: 64 * 1024,
    // A broadcast's recipients stream in for as long as they need; headers have Node's own minute.
    requestTimeout: 15 * 60_000,
    // Databases that are away are waited for as long as it takes.
    pluginTimeout: 0,
    frameworkErrors: (error, request, reply) =>
      createErrorHandler(logger)(error as FastifyError, request, reply),
  })
  const addresses = createClientAddresses(options.trustProxy)
  app.decorateRequest('clientIp', {
    getter() {
      return addresses.of(this.raw.socket.remoteAddress, this.headers['x-forwarded-for'])
    },
  })
  app.setValidatorCompiler(validatorCompiler)
  app.removeContentTypeParser('text/plain')

  app.register(foundations)
  app.register(requestLog, { logger, metrics })
  app.register(helmet)
  app.register(requestLimits, { perMinute: options.limitPerMinute })
  app.register(errorAnswers, { logger })
  app.register(authentication, { keys: options.jwtKeys })
  app.register(identifying, { logger, metrics })
  app.register(apiRoutes, { prefix: '/api/v1', ...{ logger, metrics }, ...options })
  return app
}
