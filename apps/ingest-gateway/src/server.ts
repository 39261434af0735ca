import {
  createBotDirectory,
  createBotStore,
  createControlDatabase,
  waitForControlSchema,
} from '@botyard/control-database'
import { createKeyStore, reportKeyring } from '@botyard/control-database/keys'
import { createMailboxWriter } from '@botyard/mailbox'
import { adapters } from '@botyard/platforms'
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
import { buildApp } from './app.ts'
import { createCallWaiter } from './call-waiter.ts'
import { configSchema, readConfig, readSecretFiles } from './config.ts'
import { createLargeCalls } from './large/large-calls.ts'

const name = 'ingest-gateway'
const config = configOrExit(readConfig)
const logger = createLogger({ name, level: config.LOG_LEVEL })
const registry = createRegistry({ app: name })
let ring = config.KEYRING
const keyring = createKeyring(ring)

const redis = createRedis({ url: config.REDIS_URL, logger, name, role: 'commands' })
const subscriber = createRedis({ url: config.REDIS_URL, logger, name, role: 'subscriber' })
const db = createControlDatabase({ url: config.CONTROL_DATABASE_URL, poolSize: config.CONTROL_POOL_SIZE, logger })
const bots = createBotDirectory({ store: createBotStore(db, keyring), redis: subscriber, commands: redis, logger })
const security = securityEvents({ logger, registry })
keyring.onReplaced(() => bots.reread())
const report = reportKeyring({ redis: redis, store: createKeyStore(db), keyring, app: name, logger })
const secrets = followSecretFiles({
  schema: configSchema,
  files: readSecretFiles(),
  apply: {
    KEYRING(keys) {
      const change = replaceKeys(keyring)(keys)
      ring = keys
      large.replaceKeys(keys)
      return change
    },
  },
  onChange: (variable, change) => security('security.key_changed', { variable, ...change }),
  ...{ logger, registry },
})
const pulse = startPulse({ subscriber, commands: redis, logger })
const mailbox = createMailboxWriter({ redis, shards: config.QUEUE_SHARDS, replicas: config.DURABLE_REPLICAS })
const targets = createTargetGuard({ allow: config.ALLOW_PRIVATE_TARGETS })
const waiter = createCallWaiter({ subscriber, keyring, logger })
const userLimit = { perSecond: config.USER_LIMIT_PER_SECOND, burst: config.USER_LIMIT_BURST }
const maxBacklog = { updates: config.MAX_BACKLOG_UPDATES, bytes: config.MAX_BACKLOG_BYTES }
const storeTimeoutMs = 1_800
const large = createLargeCalls({
  thread: {
    redisUrl: config.REDIS_URL,
    shards: config.QUEUE_SHARDS,
    replicas: config.DURABLE_REPLICAS,
    namingKey: config.NAMING_KEY,
    allowPrivateTargets: config.ALLOW_PRIVATE_TARGETS,
    logLevel: config.LOG_LEVEL,
    timeoutMs: storeTimeoutMs,
    ...{ userLimit, maxBacklog },
  },
  keys: () => ring,
  ...{ waiter, logger },
})
const app = await buildApp(
  {
    acceptLarge: large.accept,
    adapters,
    bots,
    deliver: mailbox.deliver,
    dispatcher: targets.dispatcher,
    keyring,
    limitsRedis: redis,
    logger,
    naming: createNaming(Buffer.from(config.NAMING_KEY, 'base64')),
    registry,
    security,
    waiter,
  },
  {
    publicUrl: config.PUBLIC_URL,
    trustProxy: config.TRUST_PROXY,
    maxBodyBytes: config.MAX_BODY_BYTES,
    ipLimitPerMinute: config.IP_LIMIT_PER_MINUTE,
    ipFailuresPerMinute: config.IP_FAILURES_PER_MINUTE,
    maxBytesInFlight: config.MAX_BYTES_IN_FLIGHT,
    maxBytesInFlightPerAddress: config.MAX_BYTES_IN_FLIGHT_PER_ADDRESS,
    maxConnections: config.MAX_CONNECTIONS,
    maxConnectionsPerAddress: config.MAX_CONNECTIONS_PER_ADDRESS,
    keepAliveMs: config.KEEP_ALIVE_SECONDS * 1000,
    ...{ userLimit, maxBacklog, storeTimeoutMs },
  },
)

const stopping = new AbortController()
const ops = await buildOps({
  logger,
  registry,
  host: config.GATEWAY_OPS_HOST,
  port: config.GATEWAY_OPS_PORT,
  ready: async () => ({
    listening: app.server.listening && !stopping.signal.aborted,
    bots: bots.ready,
    redis: redis.status === 'ready',
    subscriptions: pulse.heard,
  }),
})

requireRedisRights(redis, logger)

runUntilSignal({
  logger,
  delayMs: 10_000,
  async close() {
    stopping.abort()
    await app.close()
    await large.close()
    await waiter.close()
    await mailbox.close()
    await bots.close()
    await secrets.close()
    await report.close()
    pulse.close()
    redis.disconnect()
    subscriber.disconnect()
    await targets.dispatcher.close()
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
  // Not before it knows its bots: genuine calls would be answered 404.
  await bots.whenReady()
  if (!stopping.signal.aborted) {
    large.start()
    await app.listen({ host: config.GATEWAY_HOST, port: config.GATEWAY_PORT })
    logger.info({ port: config.GATEWAY_PORT, opsPort: config.GATEWAY_OPS_PORT }, 'ready')
  }
} catch (err) {
  if (!stopping.signal.aborted) {
    logger.fatal({ err }, 'cannot start')
    process.exit(1)
  }
}
