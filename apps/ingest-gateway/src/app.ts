import type { BotDirectory } from '@botyard/control-database'
import type { MailboxWriter } from '@botyard/mailbox'
import type { PlatformAdapter } from '@botyard/platforms'
import type { Platform } from '@botyard/queue-contracts'
import {
  createClientAddresses,
  createLineSampler,
  type Keyring,
  type Naming,
  type ReportSecurityEvent,
  type TargetGuard,
} from '@botyard/service-kit'
import type { Tracing } from '@botyard/service-kit/tracing'
import {
  type FastifyError,
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyServerOptions,
  fastify,
} from 'fastify'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { CallWaiter } from './call-waiter.ts'
import { createClientErrorHandler } from './client-error.ts'
import type { LargeCalls } from './large/large-calls.ts'
import { createBodyBudget } from './limits/body-budget.ts'
import { createMetrics } from './metrics.ts'
import addressLimits from './plugins/address-limits.ts'
import connectionLimits from './plugins/connection-limits.ts'
import errorAnswers, { createErrorHandler } from './plugins/error-answers.ts'
import gracefulClose from './plugins/graceful-close.ts'
import intake from './plugins/intake.ts'
import polling from './plugins/polling.ts'
import pressure, { type PressureOptions } from './plugins/pressure.ts'
import securityHeaders from './plugins/security-headers.ts'
import { hookRoutes } from './routes/hooks/index.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose call it is; behind trusted proxies the client that they name. */
    readonly clientIp: string
  }
}

/**
 * What the gateway stands on, as decorators of the app: `plugins/foundations.ts` opens them, tests give their
 * own.
 */
export interface GatewayFoundations {
  readonly adapters: Readonly<Record<Platform, PlatformAdapter>>
  readonly bots: Pick<BotDirectory, 'all' | 'get' | 'isUnreadable'>
  readonly callWaiter: Pick<CallWaiter, 'wait'>
  readonly keyring: Keyring
  /** Takes large calls beside the event loop; without it they are taken as all others. */
  readonly largeCalls?: Pick<LargeCalls, 'accept' | 'memory'>
  readonly mailbox: Pick<MailboxWriter, 'deliver'>
  readonly naming: Naming
  /** Where limits are counted, and leases held; may be away. */
  readonly redis: { readonly commands: Redis }
  readonly security: ReportSecurityEvent
  /** For adapters that fetch the platform's keys. */
  readonly targets: Pick<TargetGuard, 'dispatcher'>
  readonly tracing?: Tracing
}

/** What the app is built with. */
export interface AppDeps {
  /** Opens {@link GatewayFoundations}. */
  readonly foundations: FastifyPluginAsync
  readonly logger: Logger
  readonly registry: Registry
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
  /** Waiting updates and bytes of a bot in a partition of the queues, unless its settings say otherwise. */
  readonly maxBacklog: { readonly updates: number; readonly bytes: number }
  /**
   * How long the store may take before 503, in ms; well within the tightest platform's patience (LINE, 2 s,
   * from its side).
   */
  readonly timeoutMs: number
  /** Partitions of the queues. */
  readonly partitions: number
  /** When calls are refused because the process is at the end of what it can do. */
  readonly pressure?: Pick<PressureOptions, 'maxDelayMs' | 'maxMemoryBytes' | 'readLoad'>
  /** How long idle connections live on once the app closes, in ms. */
  readonly drainMs?: number
}

/** So many lines of each refusal in ten seconds tell an operator enough; the metrics count them all. */
const refusalLines = { max: 50, windowMs: 10_000 }

/**
 * Builds the gateway: one route, and what stands before it. Each plugin stands on those before it, and
 * Fastify closes them in the reverse order, after the listener.
 */
export function buildApp({ foundations, logger, registry }: AppDeps, options: AppOptions): FastifyInstance {
  const metrics = createMetrics(registry)
  const addresses = createClientAddresses(options.trustProxy)
  const errorAnswersOptions = { logger, metrics, addresses, lines: createLineSampler(refusalLines) }
  const budget = createBodyBudget({
    maxBytes: options.maxBytesInFlight,
    maxBytesPerAddress: options.maxBytesInFlightPerAddress,
    maxCallsPerAddress: options.maxConnectionsPerAddress,
  })

  // No Fastify logger: it makes a child and two listeners per request. What deserves a line is logged by
  // accept-update and error-answers.
  const app = fastify({
    bodyLimit: options.maxBodyBytes,
    exposeHeadRoutes: false,
    requestIdHeader: false,
    genReqId: () => '',
    return503OnClosing: false,
    // Databases that are away are waited for as long as it takes.
    pluginTimeout: 0,
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
  app.decorateRequest('hook', null)

  app.register(foundations)
  app.register(connectionLimits, {
    ...{ addresses, metrics },
    max: options.maxConnections,
    maxPerAddress: options.maxConnectionsPerAddress,
  })
  app.register(gracefulClose, { drainMs: options.drainMs ?? 2_000 })
  app.register(pressure, { ...options.pressure, logger, registry })
  app.register(securityHeaders)
  app.register(addressLimits, {
    maxCalls: options.ipLimitPerMinute,
    maxFailures: options.ipFailuresPerMinute,
  })
  app.register(errorAnswers, errorAnswersOptions)
  const { maxBacklog, partitions, publicUrl, timeoutMs, userLimit } = options
  app.register(intake, { logger, metrics, maxBacklog, partitions, timeoutMs, userLimit })
  app.register(polling, { logger, metrics })
  app.register(hookRoutes, {
    ...{ budget, metrics, maxBacklog, publicUrl },
    // A body that never fits is refused as too large rather than as one too many.
    maxBodyBytes: Math.min(options.maxBodyBytes, budget.maxBytesOfOne),
  })
  return app
}

/**
 * How long a caller may take. Platforms send a call in one go; a slow caller holds a connection, and room for
 * a body.
 */
function timeouts({ keepAliveMs }: AppOptions): FastifyServerOptions & { http: object } {
  return {
    // From the first byte to the last: 26 MiB, the largest body, over 7 Mbit/s.
    requestTimeout: 30_000,
    // Longer than a load balancer keeps its side. Otherwise it sends a call on a connection that we just
    // closed.
    keepAliveTimeout: keepAliveMs,
    // A connection may serve for ever: a balancer that wants to spread its calls anew opens others by itself.
    maxRequestsPerSocket: 0,
    // The three above say how long the socket may be silent in each state; a fourth limit would cut calls
    // that wait for a handler.
    connectionTimeout: 0,
    http: {
      // From the connection's opening, or the first byte of a later call.
      headersTimeout: 10_000,
      // Node looks for late ones this often. Its own half minute would let a stranger stay four times as long
      // as allowed.
      connectionsCheckingInterval: 1_000,
    },
  }
}
