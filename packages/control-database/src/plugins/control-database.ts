import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import { type ControlDatabase, createControlDatabase } from '../database/control-database.ts'
import { warnOfControlServer } from '../database/control-server.ts'
import { waitForControlSchema } from '../database/wait-for-control-schema.ts'

/** Where the control database is. */
export interface ControlDatabaseOptions {
  readonly url: string
  readonly poolSize: number
  readonly logger: Logger
  /** Ends the wait for a database that is away. */
  readonly stopping: AbortSignal
}

declare module 'fastify' {
  interface FastifyInstance {
    controlDatabase: ControlDatabase
  }
}

/** The control database. The start waits until it answers, and fails if its schema is older than the app. */
export default fp<ControlDatabaseOptions>(
  async function controlDatabase(app: FastifyInstance, { url, poolSize, logger, stopping }) {
    const db = createControlDatabase({ url, poolSize, logger })
    app.decorate('controlDatabase', db)
    app.addHook('onClose', () => db.destroy())
    await waitForControlSchema(db, logger, stopping)
    await warnOfControlServer(db, { poolSize, logger }).catch(err =>
      logger.warn({ err }, 'the server of the control database was not checked'),
    )
  },
  { name: 'control-database', fastify: '5.x' },
)
