import {
  configOrExit,
  createLogger,
  createRegistry,
  guardPrototypes,
  runUntilSignal,
} from '@botyard/service-kit'
import { forkProcesses, processCount } from '@botyard/service-kit/cluster'
import { buildApp } from './app.ts'
import { appOptions } from './app-options.ts'
import { readConfig } from './config.ts'
import { foundations } from './plugins/foundations.ts'

/** Connections that wait to be accepted, or fewer if the kernel says so (net.core.somaxconn). */
const backlog = 4_096
/** How long the close may take, in ms. */
const closeWithinMs = 10_000

const config = configOrExit(readConfig)
const logger = createLogger({ name: 'ingest-gateway', level: config.LOG_LEVEL })
const registry = createRegistry({ app: 'ingest-gateway' })
const stop = new AbortController()
guardPrototypes()

await forkProcesses({
  ...{ count: processCount(config.PROCESSES), file: import.meta.filename, closeWithinMs, logger, registry },
  ops: { host: config.GATEWAY_OPS_HOST, port: config.GATEWAY_OPS_PORT },
})
const app = buildApp(
  { foundations: foundations({ config, logger, registry, stopping: stop.signal }), logger, registry },
  appOptions(config),
)

runUntilSignal({
  logger,
  delayMs: closeWithinMs,
  async close() {
    stop.abort()
    await app.close()
  },
})

try {
  // Not before it knows its bots: genuine calls would be answered 404.
  await app.listen({ host: config.GATEWAY_HOST, port: config.GATEWAY_PORT, backlog })
  logger.info({ port: config.GATEWAY_PORT, opsPort: config.GATEWAY_OPS_PORT }, 'ready')
} catch (err) {
  if (!stop.signal.aborted) {
    logger.fatal({ err }, 'cannot start')
    process.exit((err as { exitCode?: number }).exitCode ?? 1)
  }
}
