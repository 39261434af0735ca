import { configOrExit, createLogger, createRegistry, runUntilSignal } from '@botyard/service-kit'
import { buildApp } from './app.ts'
import { readConfig } from './config.ts'
import { loadBots } from './handlers/load-bots.ts'
import { hearEscapedErrors } from './isolation/hear-escaped-errors.ts'
import { createMetrics } from './metrics.ts'
import { foundations } from './plugins/foundations.ts'

const config = configOrExit(readConfig)
const logger = createLogger({ name: 'worker', level: config.LOG_LEVEL })
const registry = createRegistry({ app: 'worker' })
const stop = new AbortController()
const stopping = stop.signal

const metrics = createMetrics(registry)
hearEscapedErrors({ logger, metrics })

const handlers = await loadBots(config.BOTS_DIR)
const app = buildApp(
  {
    foundations: foundations({ config, handlers, logger, registry, stopping }),
    ...{ metrics, logger, stopping },
  },
  {
    partitions: config.QUEUE_PARTITIONS,
    ...(config.WORKER_GROUPS.length > 0 && { groups: config.WORKER_GROUPS }),
    replicas: config.DURABLE_REPLICAS,
    concurrency: config.WORKER_CONCURRENCY,
    sendConcurrency: config.SEND_CONCURRENCY,
    handlerTimeoutMs: config.HANDLER_TIMEOUT_MS,
    graceMs: config.SHUTDOWN_GRACE_MS,
    stalledAfterMs: config.STALLED_AFTER_SECONDS * 1_000,
    watch: {
      redisUrl: config.REDIS_URL,
      logLevel: config.LOG_LEVEL,
      blockedMs: config.WORKER_BLOCKED_SECONDS * 1_000,
    },
  },
)

runUntilSignal({
  logger,
  delayMs: config.SHUTDOWN_GRACE_MS + 10_000,
  leaveErrors: true,
  async close() {
    stop.abort()
    await app.close()
  },
})

try {
  await app.ready()
  logger.info({ opsPort: config.WORKER_OPS_PORT, handlers: [...handlers.keys()] }, 'ready')
} catch (err) {
  if (!stopping.aborted) {
    logger.fatal({ err }, 'cannot start')
    process.exit(1)
  }
}
