import {
  configOrExit,
  createLogger,
  createRegistry,
  guardPrototypes,
  runUntilSignal,
} from '@botyard/service-kit'
import { buildApp } from './app.ts'
import { readConfig } from './config.ts'
import { createTokenKeys } from './keys/token-keys.ts'
import { foundations } from './plugins/foundations.ts'

const config = configOrExit(readConfig)
const logger = createLogger({ name: 'admin', level: config.LOG_LEVEL })
const registry = createRegistry({ app: 'admin' })
const tokenKeys = createTokenKeys(config.JWT_KEYS)
const stop = new AbortController()
guardPrototypes()

const app = buildApp(
  {
    foundations: foundations({ config, logger, registry, stopping: stop.signal, tokenKeys }),
    logger,
    registry,
  },
  {
    jwtKeys: tokenKeys.current,
    keySettleMs: config.KEY_SETTLE_MS,
    limitPerMinute: config.ADMIN_LIMIT_PER_MINUTE,
    publicUrl: config.PUBLIC_URL,
    partitions: config.QUEUE_PARTITIONS,
    trustProxy: config.TRUST_PROXY,
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
  await app.listen({ host: config.ADMIN_HOST, port: config.ADMIN_PORT })
  logger.info({ port: config.ADMIN_PORT, opsPort: config.ADMIN_OPS_PORT }, 'ready')
} catch (err) {
  if (!stop.signal.aborted) {
    logger.fatal({ err }, 'cannot start')
    process.exit((err as { exitCode?: number }).exitCode ?? 1)
  }
}
