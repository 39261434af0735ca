import type { BotDirectory, DeadLetterStore, ErasureStore } from '@botyard/control-database'
import type { BroadcastStore } from '@botyard/control-database/broadcasts'
import type { PlatformAdapter } from '@botyard/platforms'
import { noGroup, type Platform } from '@botyard/queue-contracts'
import type { SendLimits } from '@botyard/send-limits'
import { createTroubleLog, type Keyring, type Naming, type TargetGuard } from '@botyard/service-kit'
import type { Load } from '@botyard/service-kit/pressure'
import type { Tracing } from '@botyard/service-kit/tracing'
import type { Shards } from '@botyard/shard-routing'
import { type FastifyInstance, type FastifyPluginAsync, fastify } from 'fastify'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { OpenData } from './data/user-data.ts'
import { createGrace } from './grace.ts'
import type { Handlers } from './handlers/load-bots.ts'
import type { MissingHandlers } from './handlers/missing-handlers.ts'
import type { WorkerMetrics } from './metrics.ts'
import type { StoreIdentity } from './outbox/identities.ts'
import type { TenantCredentials } from './outbox/tenant-credentials.ts'
import botOrders from './plugins/bot-orders.ts'
import broadcasts from './plugins/broadcasts.ts'
import erasures from './plugins/erasures.ts'
import heartbeat from './plugins/heartbeat.ts'
import inbox from './plugins/inbox.ts'
import loopWatch, { type LoopWatchOptions } from './plugins/loop-watch.ts'
import memory from './plugins/memory.ts'
import outbox from './plugins/outbox.ts'
import progress from './plugins/progress.ts'
import records from './plugins/records.ts'
import sweeper from './plugins/sweeper.ts'
import type { TaskPool } from './tasks/task-pool.ts'

/**
 * What a worker stands on, as decorators of the app: `plugins/foundations.ts` opens them, tests give their
 * own.
 */
export interface WorkerFoundations {
  readonly adapters: Readonly<Record<Platform, PlatformAdapter>>
  readonly addReadyCheck: FastifyInstance['addReadyCheck']
  readonly bots: Pick<BotDirectory, 'all' | 'get' | 'lookup' | 'onChange'>
  readonly broadcastStore: BroadcastStore
  readonly deadLetterStore: Pick<DeadLetterStore, 'insert' | 'list' | 'prune'>
  readonly erasureStore: ErasureStore
  readonly handlers: Handlers
  readonly keyring: Keyring
  readonly missingHandlers: Pick<MissingHandlers, 'met'>
  readonly naming: Naming
  readonly openData: OpenData
  readonly redis: { readonly worker: Redis }
  readonly sendLimits: SendLimits
  readonly storeIdentity: StoreIdentity
  readonly targets: Pick<TargetGuard, 'dispatcher'>
  readonly tasks: Pick<TaskPool, 'of'>
  readonly tenantCredentials: TenantCredentials
  readonly tracing?: Tracing
  readonly userShards: Pick<Shards, 'each' | 'map'>
}

/** What the app is built with. */
export interface AppDeps {
  /** Opens {@link WorkerFoundations}. */
  readonly foundations: FastifyPluginAsync
  readonly logger: Logger
  readonly metrics: WorkerMetrics
  readonly registry: Registry
  /** Aborts when the process is told to end. */
  readonly stopping: AbortSignal
}

/** What can be tuned. */
export interface AppOptions {
  readonly partitions: number
  /** The groups of bots that this worker runs; default those of none. */
  readonly groups?: readonly string[]
  /** Replicas that must know who sends a reply before it leaves. */
  readonly replicas: number
  readonly concurrency: number
  readonly sendConcurrency: number
  readonly handlerTimeoutMs: number
  /** How long mail may wait that the worker has places for and takes none of, in ms. */
  readonly stalledAfterMs: number
  /** How often it is looked for results of broadcasts that Redis lost, in ms. */
  readonly broadcastLostEveryMs?: number
  /** How the event loop is watched; undefined: not at all. */
  readonly watch?: LoopWatchOptions['watch']
  /** How long what is under way may go on once the app closes, in ms. */
  readonly graceMs: number
  /** Memory of the process beyond which it takes nothing new; undefined: what its heap holds. */
  readonly maxMemoryBytes?: number | undefined
  /** For tests: what is measured of it. */
  readonly readLoad?: () => Load
}

/**
 * Builds a worker; it works when it is ready. Each plugin stands on those before it, and Fastify closes them
 * in the reverse order: nothing new is taken, handlers end, their last replies are sent, and only then the
 * heartbeat ends that keeps them this process's own.
 */
export function buildApp(
  { foundations, logger, metrics, registry, stopping }: AppDeps,
  options: AppOptions,
): FastifyInstance {
  const { partitions, replicas, concurrency, sendConcurrency, handlerTimeoutMs } = options
  const grace = createGrace(options.graceMs)
  const logTrouble = createTroubleLog(logger, 'worker trouble, will be mended')
  const onTrouble = (error: unknown) => {
    metrics.trouble()
    logTrouble(error)
  }
  const groups = options.groups ?? [noGroup]
  const common = { partitions, groups, grace, logger, metrics, onTrouble }

  // Databases that are away are waited for as long as it takes.
  const app = fastify({ pluginTimeout: 0 })
  app.register(foundations)
  app.register(heartbeat, { replicas, stopping, ...common })
  app.register(loopWatch, { watch: options.watch, ...common })
  app.register(botOrders, common)
  app.register(records, common)
  app.register(erasures, common)
  app.register(outbox, { concurrency: sendConcurrency, replicas, ...common })
  app.register(inbox, { concurrency, handlerTimeoutMs, ...common })
  const { maxMemoryBytes, readLoad } = options
  app.register(memory, { maxMemoryBytes, ...(readLoad && { readLoad }), registry, ...common })
  app.register(broadcasts, {
    ...(options.broadcastLostEveryMs && { lostEveryMs: options.broadcastLostEveryMs }),
    ...common,
  })
  app.register(sweeper, common)
  app.register(progress, { stalledAfterMs: options.stalledAfterMs, ...common })
  return app
}
