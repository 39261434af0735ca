import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { watchPrototypes } from '../watch-prototypes.ts'

/** Watches what all objects of the process inherit. */
export default fp<{ readonly logger: Logger; readonly registry: Registry }>(
  async function prototypes(app, { logger, registry }) {
    const watch = watchPrototypes({ logger, registry, security: app.security })
    app.addHook('onClose', async () => watch.close())
  },
  { name: 'prototypes', fastify: '5.x', dependencies: ['security-events'] },
)
