import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import type { GatewayMetrics } from '../metrics.ts'
import { startPollers } from '../polling/pollers.ts'

/** Where polling tells what it did. */
export interface PollingOptions {
  readonly logger: Logger
  readonly metrics: GatewayMetrics
}

/** Polls for bots without a public address, from when the app listens until it closes. */
export default fp<PollingOptions>(
  async function polling(app, options) {
    const { acceptUpdate, adapters, bots, redis, targets } = app
    let pollers: ReturnType<typeof startPollers> | undefined
    app.addHook('onListen', async () => {
      const { dispatcher } = targets
      pollers = startPollers({ acceptUpdate, adapters, bots, dispatcher, redis: redis.commands, ...options })
    })
    app.addHook('onClose', async () => pollers?.close())
  },
  {
    name: 'polling',
    fastify: '5.x',
    dependencies: ['intake'],
    decorators: { fastify: ['adapters', 'bots', 'redis', 'targets'] },
  },
)
