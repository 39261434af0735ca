import { configOrExit, createLogger, createRegistry, runUntilSignal } from '@botyard/service-kit'
import { forkProcesses, processCount } from '@botyard/service-kit/cluster'
import { buildApp } from './app.ts'
import { appOptions } from './app-options.ts'
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
const closeWithinMs = config.SHUTDOWN_GRACE_MS + 10_000

await forkProcesses({
  ...{ count: processCount(config.PROCESSES), file: import.meta.filename, closeWithinMs, logger, registry },
  ops: { host: config.WORKER_OPS_HOST, port: config.WORKER_OPS_PORT },
})
const metrics = createMetrics(registry)
hearEscapedErrors({ logger, metrics })

const handlers = await configOrExit(() => loadBots(config.BOTS_DIR))
const app = buildApp(
  {
    foundations: foundations({ config, handlers, logger, registry, stopping }),
    ...{ metrics, logger, registry, stopping },
  },
  appOptions(config),
)

runUntilSignal({
  logger,
  delayMs: closeWithinMs,
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
    process.exit((err as { exitCode?: number }).exitCode ?? 1)
  }
}
