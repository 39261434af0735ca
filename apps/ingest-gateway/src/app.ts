import type { BotDirectory } from '@botyard/control-database'
import type { Delivery, DeliveryOutcome } from '@botyard/mailbox'
import type { PlatformAdapter } from '@botyard/platforms'
import type { Platform } from '@botyard/queue-contracts'
import {
  createClientAddresses,
  createLineSampler,
  type Keyring,
  type Naming,
  type ReportSecurityEvent,
} from '@botyard/service-kit'
import { type FastifyError, type FastifyInstance, type FastifyServerOptions, fastify } from 'fastify'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Dispatcher } from 'undici'
import { createAcceptUpdate } from './accept-update.ts'
import type { CallWaiter } from './call-waiter.ts'
import { createClientErrorHandler } from './client-error.ts'
import type { LargeCalls } from './large/large-calls.ts'
import { createBodyBudget } from './limits/body-budget.ts'
import { createSharedCounts } from './limits/shared-counts.ts'
import { createMetrics } from './metrics.ts'
import addressLimits from './plugins/address-limits.ts'
import connectionLimits from './plugins/connection-limits.ts'
import errorAnswers, { createErrorHandler } from './plugins/error-answers.ts'
import gracefulClose from './plugins/graceful-close.ts'
import polling from './plugins/polling.ts'
import securityHeaders from './plugins/security-headers.ts'
import { hookRoutes } from './routes/hooks/index.ts'
import { createStoreRoom } from './store-room.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose call it is; behind trusted proxies the client that they name. */
    readonly clientIp: string
  }
}

/** What the gateway stands on. All of it belongs to the caller, who closes it after the app. */
export interface AppDeps {
  /** Takes large calls beside the event loop; without it they are taken as all others. */
  readonly acceptLarge?: LargeCalls['accept']
  readonly adapters: Readonly<Record<Platform, PlatformAdapter>>
  readonly bots: Pick<BotDirectory, 'all' | 'get' | 'isUnreadable'>
  readonly deliver: (delivery: Delivery) => Promise<DeliveryOutcome>
  /** For adapters that fetch the platform's keys. */
  readonly dispatcher: Dispatcher
  readonly keyring: Keyring
  /** Where limits are counted, and leases held; may be away. */
  readonly limitsRedis: Redis
  readonly logger: Logger
  readonly naming: Naming
  readonly registry: Registry
  readonly security: ReportSecurityEvent
  readonly waiter: Pick<CallWaiter, 'wait'>
}

/** What can be tuned. */
export interface AppOptions {
  /** What platforms call, without a slash at its end. */
  readonly publicUrl: string
  /** CIDRs whose forwarded headers count. */
  readonly trustProxy: readonly string[]
  readonly maxBodyBytes: number
  readonly ipLimitPerMinute: number
  readonly ipFailuresPerMinute: number
  /** Bytes of bodies that are read and handled at once: of all callers, and of one address. */
  readonly maxBytesInFlight: number
  readonly maxBytesInFlightPerAddress: number
  readonly maxConnections: number
  /** Connections of one address; behind a trusted proxy, calls of one address that are under way. */
  readonly maxConnectionsPerAddress: number
  /** How long a connection may idle between two calls, in ms. */
  readonly keepAliveMs: number
  /** The inbound limit of one user of a bot, unless the bot's settings say otherwise. */
  readonly userLimit: { readonly perSecond: number; readonly burst: number }
  /** Waiting updates and bytes of a bot on a queue shard, unless its settings say otherwise. */
  readonly maxBacklog: { readonly updates: number; readonly bytes: number }
  /** How long the store may take before 503, in ms; well within the tightest platform's patience (LINE, 2 s, from its side). */
  readonly storeTimeoutMs?: number
  /** How long idle connections live on once the app closes, in ms. */
  readonly drainMs?: number
}

const MINUTE_MS = 60_000
/** So many lines of each refusal in ten seconds tell whoever reads them enough; the metrics count them all. */
const REFUSAL_LINES = { most: 50, windowMs: 10_000 }
/** How often instances exchange what they counted: at 10,000 calls a second, 2,000 calls of uncertainty. */
const EXCHANGE_MS = 200

/** Builds the gateway: one route, and what stands before it. */
export async function buildApp(deps: AppDeps, options: AppOptions): Promise<FastifyInstance> {
  const { adapters, bots, logger, naming, registry, security } = deps
  const metrics = createMetrics(registry)
  const acceptUpdate = createAcceptUpdate({
    ...deps,
    metrics,
    userLimit: options.userLimit,
    maxBacklog: options.maxBacklog,
    timeoutMs: options.storeTimeoutMs ?? 1_800,
  })
  const counts = createSharedCounts({
    redis: deps.limitsRedis,
    // No bot has an empty id, so these names are nobody's update.
    name: key => naming.update('', key).toString('base64url'),
    windowMs: MINUTE_MS,
    flushMs: EXCHANGE_MS,
  })

  const addresses = createClientAddresses(options.trustProxy)
  const errorAnswersOptions = { logger, metrics, addresses, lines: createLineSampler(REFUSAL_LINES) }
  const budget = createBodyBudget({
    maxBytes: options.maxBytesInFlight,
    maxBytesPerAddress: options.maxBytesInFlightPerAddress,
    maxCallsPerAddress: options.maxConnectionsPerAddress,
  })

  // No Fastify logger: it makes a child and two listeners per request. What deserves a line is logged by accept-update and error-answers.
  const app = fastify({
    bodyLimit: options.maxBodyBytes,
    exposeHeadRoutes: false,
    requestIdHeader: false,
    genReqId: () => '',
    return503OnClosing: false,
    ...timeouts(options),
    frameworkErrors: (error, request, reply) =>
      createErrorHandler(errorAnswersOptions)(error as FastifyError, request, reply),
    clientErrorHandler: createClientErrorHandler(metrics),
  })
  app.decorateRequest('clientIp', {
    getter() {
      return addresses.of(this.raw.socket.remoteAddress, this.headers['x-forwarded-for'])
    },
  })
  await app.register(connectionLimits, {
    ...{ addresses, metrics },
    max: options.maxConnections,
    maxPerAddress: options.maxConnectionsPerAddress,
  })
  await app.register(gracefulClose, { drainMs: options.drainMs ?? 2_000 })
  await app.register(securityHeaders)
  await app.register(addressLimits, {
    counts,
    windowMs: MINUTE_MS,
    most: options.ipLimitPerMinute,
    mostFailures: options.ipFailuresPerMinute,
    security,
  })
  await app.register(errorAnswers, errorAnswersOptions)
  app.decorateRequest('hook', null)
  const { publicUrl } = options
  // A body that never fits is refused as too large rather than as one too many.
  const maxBodyBytes = Math.min(options.maxBodyBytes, budget.maxBytesOfOne)
  await app.register(polling, { ...deps, acceptUpdate, metrics, redis: deps.limitsRedis })
  const room = createStoreRoom({ redis: deps.limitsRedis, logger })
  app.addHook('onClose', async () => room.close())
  await app.register(hookRoutes, {
    ...{ acceptUpdate, acceptLarge: deps.acceptLarge, adapters, bots, budget, metrics, room, security },
    ...{ publicUrl, maxBodyBytes, maxBacklog: options.maxBacklog },
  })
  return app
}

/** How long a caller may take. Platforms send a call in one go; who does not holds a connection, and room for a body. */
function timeouts({ keepAliveMs }: AppOptions): FastifyServerOptions & { http: object } {
  return {
    // From the first byte to the last: 26 MiB, the largest body, over 7 Mbit/s.
    requestTimeout: 30_000,
    // Longer than any load balancer keeps its side: it would else send a call on a connection that we just closed.
    keepAliveTimeout: keepAliveMs,
    // A connection may serve for ever: a balancer that wants to spread its calls anew opens others by itself.
    maxRequestsPerSocket: 0,
    // The three above say how long the socket may be silent in each state; a fourth limit would cut calls that wait for a handler.
    connectionTimeout: 0,
    http: {
      // From the connection's opening, or the first byte of a later call.
      headersTimeout: 10_000,
      // Node looks for late ones this often. Its own half minute would let a stranger stay four times as long as he may.
      connectionsCheckingInterval: 1_000,
    },
  }
}
