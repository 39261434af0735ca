import {
  configOrExit,
  createLogger,
  createRegistry,
  guardPrototypes,
  runUntilSignal,
} from '@botyard/service-kit'
import { buildApp } from './app.ts'
import { intakeOptions, readConfig } from './config.ts'
import { foundations } from './plugins/foundations.ts'

const config = configOrExit(readConfig)
const logger = createLogger({ name: 'ingest-gateway', level: config.LOG_LEVEL })
const registry = createRegistry({ app: 'ingest-gateway' })
const stop = new AbortController()
guardPrototypes()

const app = buildApp(
  { foundations: foundations({ config, logger, registry, stopping: stop.signal }), logger, registry },
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
    ...intakeOptions(config),
  },
)

runUntilSignal({
  logger,
  delayMs: 10_000,
  async close() {
    stop.abort()
    await app.close()
  },
})

try {
  // Not before it knows its bots: genuine calls would be answered 404.
  await app.listen({ host: config.GATEWAY_HOST, port: config.GATEWAY_PORT })
  logger.info({ port: config.GATEWAY_PORT, opsPort: config.GATEWAY_OPS_PORT }, 'ready')
} catch (err) {
  if (!stop.signal.aborted) {
    logger.fatal({ err }, 'cannot start')
    process.exit(1)
  }
}
