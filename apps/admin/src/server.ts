import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { assertControlSchema, createControlDatabase, waitForControlSchema } from '@botyard/control-database'
import { createKeyStore, reportKeyring } from '@botyard/control-database/keys'
import { createShardStore, createTimelineStore } from '@botyard/control-database/shards'
import { createDrainQueues } from '@botyard/mailbox'
import { adapters } from '@botyard/platforms'
import {
  buildOps,
  configOrExit,
  createKeyring,
  createLogger,
  createRedis,
  createRegistry,
  createTargetGuard,
  followSecretFiles,
  type KeySet,
  replaceKeys,
  requireRedisRights,
  runUntilSignal,
  securityEvents,
} from '@botyard/service-kit'
import { shardPoolSettings } from '@botyard/shard-routing'
import { createMoveMetrics, startMoves } from '@botyard/shard-routing/moves'
import { buildApp } from './app.ts'
import { configSchema, readConfig, readSecretFiles } from './config.ts'
import { describeKeyChange } from './keys/describe-key-change.ts'

const name = 'admin'
const config = configOrExit(readConfig)
const logger = createLogger({ name, level: config.LOG_LEVEL })
const registry = createRegistry({ app: name })

const redis = createRedis({ url: config.REDIS_URL, logger, name, role: 'commands' })
const drains = createDrainQueues({ redis, shards: config.QUEUE_SHARDS })
const db = createControlDatabase({ url: config.CONTROL_DATABASE_URL, poolSize: config.CONTROL_POOL_SIZE, logger })
const keyring = createKeyring(config.KEYRING)
const security = securityEvents({ logger, registry })
const report = reportKeyring({ redis, store: createKeyStore(db), keyring, app: name, logger })
let jwtKeys: KeySet = config.JWT_KEYS
const secrets = followSecretFiles({
  schema: configSchema,
  files: readSecretFiles(),
  apply: {
    KEYRING: replaceKeys(keyring),
    JWT_KEYS(keys) {
      const change = describeKeyChange(jwtKeys, keys)
      jwtKeys = keys
      return change
    },
  },
  onChange: (variable, change) => security('security.key_changed', { variable, ...change }),
  ...{ logger, registry },
})
const moves = {
  control: db,
  shards: createShardStore(db, keyring),
  ...{ redis, logger, settings: shardPoolSettings(config), memory: createTimelineStore(db) },
  metrics: createMoveMetrics(registry),
}
const runner = startMoves(moves, { process: `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}` })
const targets = createTargetGuard({ allow: config.ALLOW_PRIVATE_TARGETS })
const app = await buildApp(
  {
    adapters,
    db,
    drains,
    keyring,
    logger,
    moves,
    redis,
    registry,
    runner,
    security,
    targets,
  },
  {
    jwtKeys: () => jwtKeys,
    keySettleMs: config.KEY_SETTLE_MS,
    limitPerMinute: config.ADMIN_LIMIT_PER_MINUTE,
    publicUrl: config.PUBLIC_URL,
    shards: config.QUEUE_SHARDS,
    trustProxy: config.TRUST_PROXY,
  },
)

const stopping = new AbortController()
const ops = await buildOps({
  logger,
  registry,
  host: config.ADMIN_OPS_HOST,
  port: config.ADMIN_OPS_PORT,
  ready: async () => ({
    listening: app.server.listening && !stopping.signal.aborted,
    database: await assertControlSchema(db).then(
      () => true,
      () => false,
    ),
    redis: await redis.ping().then(
      () => true,
      () => false,
    ),
  }),
})

requireRedisRights(redis, logger)

runUntilSignal({
  logger,
  delayMs: 10_000,
  async close() {
    stopping.abort()
    await app.close()
    await runner.close()
    await drains.close()
    await secrets.close()
    await report.close()
    redis.disconnect()
    await targets.dispatcher.close()
    await db.destroy()
    await ops.close()
  },
})

try {
  await waitForControlSchema(db, logger, stopping.signal)
  await app.listen({ host: config.ADMIN_HOST, port: config.ADMIN_PORT })
  logger.info({ port: config.ADMIN_PORT, opsPort: config.ADMIN_OPS_PORT }, 'ready')
} catch (err) {
  if (!stopping.signal.aborted) {
    logger.fatal({ err }, 'cannot start')
    process.exit(1)
  }
}
