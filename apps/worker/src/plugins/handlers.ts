import { createHandlerStore } from '@botyard/control-database'
import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Handlers } from '../handlers/load-bots.ts'
import { type MissingHandlers, watchMissingHandlers } from '../handlers/missing-handlers.ts'

/** The bots' code, as it was loaded. */
export interface HandlersOptions {
  readonly handlers: Handlers
  readonly logger: Logger
  readonly registry: Registry
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The bots' code by handler name. */
    handlers: Handlers
    missingHandlers: MissingHandlers
  }
}

/** The bots' code, the control database's note of it, and a watch on bots whose code is not here. */
export default fp<HandlersOptions>(
  async function handlers(app, { handlers: loaded, logger, registry }) {
    const { bots, controlDatabase, redis } = app
    const missingHandlers = watchMissingHandlers({ redis: redis.commands, bots, logger, registry })
    app.decorate('handlers', loaded)
    app.decorate('missingHandlers', missingHandlers)
    app.addHook('onClose', () => missingHandlers.close())
    await createHandlerStore(controlDatabase).report([...loaded.keys()])
  },
  { name: 'handlers', fastify: '5.x', dependencies: ['control-database', 'redis-clients', 'bot-directory'] },
)
