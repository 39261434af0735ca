import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import { createKeyStore } from '../keys/key-store.ts'
import { reportKeyring } from '../keys/report-keyring.ts'

/** Whose keys they are. */
export interface KeyringReportOptions {
  /** The app's name. */
  readonly app: string
  readonly logger: Logger
}

/**
 * Tells the other processes and the control database which keys this one has, so that a rotation waits for
 * it.
 */
export default fp<KeyringReportOptions>(
  async function keyringReport(app, { app: name, logger }) {
    const { controlDatabase, keyring, redis } = app
    const report = reportKeyring({
      redis: redis.commands,
      store: createKeyStore(controlDatabase),
      keyring,
      app: name,
      logger,
    })
    app.addHook('onClose', () => report.close())
  },
  { name: 'keyring-report', fastify: '5.x', dependencies: ['keyring', 'redis-clients', 'control-database'] },
)
