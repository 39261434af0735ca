import type { FastifyPluginAsync } from 'fastify'
import type { Logger } from 'pino'
import type { AdminMetrics } from '../metrics.ts'
import { auditLogRoutes } from './audit-log.ts'
import { botRoutes } from './bots.ts'
import { broadcastRoutes } from './broadcasts.ts'
import { deadLetterRoutes } from './dead-letters.ts'
import { erasureRoutes } from './erasures.ts'
import { handlerRoutes } from './handlers.ts'
import { keyRoutes } from './keys.ts'
import { parkedRoutes } from './parked.ts'
import { registrationRoutes } from './registration.ts'
import { shardRoutes } from './shards.ts'
import { tenantRoutes } from './tenants.ts'

/** What the routes are set up with. */
export interface ApiOptions {
  readonly logger: Logger
  readonly metrics: AdminMetrics
  readonly publicUrl: string
  readonly partitions: number
  readonly keySettleMs: number
}

/**
 * The admin API: every request has a token, whose role the route's config asks for, and is counted by the
 * token's subject.
 */
export const apiRoutes: FastifyPluginAsync<ApiOptions> = async function apiRoutes(
  app,
  { logger, metrics, publicUrl, partitions, keySettleMs: settleMs },
) {
  const { adapters, controlDatabase: db, keyring, moves, moveRunner: runner } = app
  const { security, sessionRedis, targets } = app
  const redis = app.redis.commands
  const deps = {
    ...{ adapters, db, keyring, logger, metrics, moves, redis, runner, security, targets },
    ...{ publicUrl, partitions, tokens: app.tokens },
  }

  app.addHook('onRequest', app.authenticate)
  app.addHook('onRequest', app.limitClient)
  app.register(botRoutes, deps)
  app.register(broadcastRoutes, deps)
  app.register(tenantRoutes, deps)
  app.register(registrationRoutes, deps)
  app.register(parkedRoutes, deps)
  app.register(shardRoutes, deps)
  app.register(handlerRoutes, deps)
  app.register(deadLetterRoutes, deps)
  app.register(auditLogRoutes, deps)
  app.register(erasureRoutes, { db })
  app.register(keyRoutes, { ...deps, sessionRedis, settleMs })
}
