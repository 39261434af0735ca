import { availableParallelism } from 'node:os'
import {
  createBotDirectory,
  createBotStore,
  createControlDatabase,
  createDeadLetterStore,
  createErasureStore,
  createHandlerStore,
  createTenantStore,
  type HandlerReport,
  reportHandlers,
  waitForControlSchema,
} from '@botyard/control-database'
import { createBroadcastStore } from '@botyard/control-database/broadcasts'
import { createKeyStore, reportKeyring } from '@botyard/control-database/keys'
import { adapters } from '@botyard/platforms'
import { createSendLimits } from '@botyard/send-limits'
import {
  buildOps,
  checkRedisDurability,
  configOrExit,
  createKeyring,
  createLogger,
  createNaming,
  createRedis,
  createRegistry,
  createTargetGuard,
  followSecretFiles,
  replaceKeys,
  requireRedisRights,
  runUntilSignal,
  securityEvents,
  startPulse,
} from '@botyard/service-kit'
import { shardPoolSettings } from '@botyard/shard-routing'
import { configSchema, readConfig, readSecretFiles } from './config.ts'
import { createDataMetrics } from './data/data-metrics.ts'
import { openMemory } from './data/open-memory.ts'
import { openShards } from './data/open-shards.ts'
import { createOpenData } from './data/user-data.ts'
import { migrationsOf } from './handlers/bot-migrations.ts'
import { loadBots } from './handlers/load-bots.ts'
import { watchMissingHandlers } from './handlers/missing-handlers.ts'
import { createMetrics, registerBacklog, registerBotHealth } from './metrics.ts'
import { createStoreIdentity } from './outbox/store-identity.ts'
import { createTenantCredentials } from './outbox/tenant-credentials.ts'
import { type RunningWorker, startWorker } from './start-worker.ts'
import { createTaskMetrics } from './tasks/task-metrics.ts'
import { createTaskPool } from './tasks/task-pool.ts'

const name = 'worker'
const config = configOrExit(readConfig)
const logger = createLogger({ name, level: config.LOG_LEVEL })
const registry = createRegistry({ app: name })
const keyring = createKeyring(config.KEYRING)
const naming = createNaming(Buffer.from(config.NAMING_KEY, 'base64'))
const handlers = await loadBots(config.BOTS_DIR)

const connect = { url: config.REDIS_URL, logger, name }
const redis = createRedis({ ...connect, role: 'worker' })
const commands = createRedis({ ...connect, role: 'commands' })
const subscriber = createRedis({ ...connect, role: 'subscriber' })
const db = createControlDatabase({ url: config.CONTROL_DATABASE_URL, poolSize: config.CONTROL_POOL_SIZE, logger })
const store = createBotStore(db, keyring)
const bots = createBotDirectory({ store, redis: subscriber, commands, logger })
const users = openShards({
  db,
  keyring,
  redis: { subscriber, commands },
  sets: migrationsOf(handlers),
  settings: shardPoolSettings(config),
  registry,
  logger,
})
const memory = openMemory({ config, keyring, naming, registry, logger })
const security = securityEvents({ logger, registry })
keyring.onReplaced(() => bots.reread())
const report = reportKeyring({ redis: commands, store: createKeyStore(db), keyring, app: name, logger })
const secrets = followSecretFiles({
  schema: configSchema,
  files: readSecretFiles(),
  apply: { KEYRING: replaceKeys(keyring) },
  onChange: (variable, change) => security('security.key_changed', { variable, ...change }),
  ...{ logger, registry },
})
const pulse = startPulse({ subscriber, commands, logger })
registerBacklog(registry, commands, config.QUEUE_SHARDS)
registerBotHealth(registry, commands)
const threads = config.CPU_THREADS ?? Math.max(1, availableParallelism() - 1)
const tasks = createTaskPool({
  threads,
  queue: config.CPU_QUEUE,
  timeoutMs: config.CPU_TIMEOUT_MS,
  memoryMb: config.CPU_THREAD_MEMORY_MB,
  metrics: createTaskMetrics(registry, threads),
  logger,
})
const missingHandlers = watchMissingHandlers({ redis: commands, bots, logger, registry })
let handlerReport: HandlerReport | undefined
let worker: RunningWorker | undefined

const stopping = new AbortController()
const ops = await buildOps({
  logger,
  registry,
  host: config.WORKER_OPS_HOST,
  port: config.WORKER_OPS_PORT,
  ready: async () => ({
    working: worker !== undefined && !stopping.signal.aborted,
    bots: bots.ready,
    redis: worker === undefined ? redis.status === 'ready' : worker.beating,
    subscriptions: pulse.heard,
  }),
})

requireRedisRights(redis, logger)

runUntilSignal({
  logger,
  delayMs: config.SHUTDOWN_GRACE_MS + 10_000,
  async close() {
    stopping.abort()
    await handlerReport?.close()
    await worker?.close(config.SHUTDOWN_GRACE_MS)
    await missingHandlers.close()
    await tasks.close()
    await users.close()
    await memory.close()
    await bots.close()
    await secrets.close()
    await report.close()
    pulse.close()
    for (const client of [redis, commands, subscriber]) client.disconnect()
    await db.destroy()
    await ops.close()
  },
})

redis.on('ready', () => {
  checkRedisDurability(redis, { durability: config.DURABILITY, logger }).catch(err =>
    logger.warn({ err }, 'redis durability not checked'),
  )
})

try {
  await waitForControlSchema(db, logger, stopping.signal)
  await createHandlerStore(db).report([...handlers.keys()])
  await bots.whenReady()
  await users.whenReady()
  handlerReport = reportHandlers({ redis: commands, handlers: [...handlers.keys()], logger })
  await handlerReport.told
  if (!stopping.signal.aborted) {
    worker = await startWorker(
      {
        adapters,
        bots,
        broadcasts: createBroadcastStore(db, keyring),
        deadLetters: createDeadLetterStore(db),
        erasures: createErasureStore(db),
        dispatcher: createTargetGuard({ allow: config.ALLOW_PRIVATE_TARGETS }).dispatcher,
        handlers,
        keyring,
        limits: createSendLimits({ redis: commands, naming }),
        logger,
        metrics: createMetrics(registry),
        missingHandlers,
        naming,
        openData: createOpenData({
          ...memory,
          userShards: users.shards,
          naming,
          profileTtlMs: config.PROFILE_TTL_MS,
          count: createDataMetrics(registry),
        }),
        redis,
        storeIdentity: createStoreIdentity({ store, redis: commands, logger }),
        tasks,
        tenantCredentials: createTenantCredentials({ bots, tenants: createTenantStore(db, keyring) }),
        userShards: users.shards,
      },
      {
        shards: config.QUEUE_SHARDS,
        concurrency: config.WORKER_CONCURRENCY,
        sendConcurrency: config.SEND_CONCURRENCY,
        handlerTimeoutMs: config.HANDLER_TIMEOUT_MS,
      },
    )
    logger.info({ opsPort: config.WORKER_OPS_PORT, handlers: [...handlers.keys()] }, 'ready')
  }
} catch (err) {
  if (!stopping.signal.aborted) {
    logger.fatal({ err }, 'cannot start')
    process.exit(1)
  }
}
