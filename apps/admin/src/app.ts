import type { DrainQueues } from '@botyard/mailbox'
import { createClientAddresses, type KeySet, type LiveKeyring } from '@botyard/service-kit'
import helmet from '@fastify/helmet'
import { type FastifyError, type FastifyInstance, fastify } from 'fastify'
import type { Registry } from 'prom-client'
import type { BotAdminDeps } from './bots/bot-admin-deps.ts'
import { createMetrics } from './metrics.ts'
import authentication from './plugins/authentication.ts'
import errorAnswers, { createErrorHandler } from './plugins/error-answers.ts'
import identifying from './plugins/identifying.ts'
import requestLimits from './plugins/request-limits.ts'
import requestLog from './plugins/request-log.ts'
import { botRoutes } from './routes/bots.ts'
import { broadcastRoutes } from './routes/broadcasts.ts'
import { erasureRoutes } from './routes/erasures.ts'
import { insightRoutes } from './routes/insight.ts'
import { keyRoutes } from './routes/keys.ts'
import { parkedRoutes } from './routes/parked.ts'
import { registrationRoutes } from './routes/registration.ts'
import { shardRoutes } from './routes/shards.ts'
import { tenantRoutes } from './routes/tenants.ts'
import type { ShardDeps } from './shards/shard-deps.ts'
import { validatorCompiler } from './validator-compiler.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose request it is; behind trusted proxies the client that they name. */
    readonly clientIp: string
  }
}

/** What the admin API stands on. All of it belongs to the caller, who closes it after the app. */
export interface AppDeps extends Omit<BotAdminDeps, 'metrics' | 'keyring'>, Omit<ShardDeps, 'security'> {
  readonly keyring: LiveKeyring
  readonly registry: Registry
  /** Wakes the workers. */
  readonly drains: Pick<DrainQueues, 'wake'>
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
  /** Queue shards, the same number as in the other apps. */
  readonly shards: number
  /** CIDRs whose forwarded headers count. */
  readonly trustProxy: readonly string[]
}

/** Builds the admin API: what every request passes, in order, then the routes. */
export async function buildApp(deps: AppDeps, options: AppOptions): Promise<FastifyInstance> {
  const { db, logger, security } = deps
  const metrics = createMetrics(deps.registry)
  const app = fastify({
    bodyLimit: 64 * 1024,
    // A broadcast's recipients stream in for as long as they need; headers have Node's own minute.
    requestTimeout: 15 * 60_000,
    frameworkErrors: (error, request, reply) => createErrorHandler(logger)(error as FastifyError, request, reply),
  })
  const addresses = createClientAddresses(options.trustProxy)
  app.decorateRequest('clientIp', {
    getter() {
      return addresses.of(this.raw.socket.remoteAddress, this.headers['x-forwarded-for'])
    },
  })
  app.setValidatorCompiler(validatorCompiler)
  app.removeContentTypeParser('text/plain')

  await app.register(requestLog, { logger, metrics })
  await app.register(helmet)
  await app.register(requestLimits, { perMinute: options.limitPerMinute, security })
  await app.register(errorAnswers, { logger })
  await app.register(authentication, { keys: options.jwtKeys, security })
  await app.register(identifying, { ...deps, metrics })
  await app.register(
    async api => {
      api.addHook('onRequest', api.authenticate)
      api.addHook('onRequest', api.limitClient)
      await api.register(botRoutes, { ...deps, metrics, publicUrl: options.publicUrl })
      await api.register(broadcastRoutes, { ...deps, metrics })
      await api.register(tenantRoutes, { ...deps, metrics })
      await api.register(registrationRoutes, { ...deps, metrics, publicUrl: options.publicUrl })
      await api.register(parkedRoutes, { ...deps, shards: options.shards })
      await api.register(shardRoutes, deps)
      await api.register(insightRoutes, deps)
      await api.register(erasureRoutes, { db })
      await api.register(keyRoutes, { ...deps, settleMs: options.keySettleMs })
    },
    { prefix: '/api/v1' },
  )
  return app
}
