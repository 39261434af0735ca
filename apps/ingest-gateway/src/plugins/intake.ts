import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import { type AcceptUpdate, type AcceptUpdateDeps, createAcceptUpdate } from '../accept-update.ts'
import type { GatewayMetrics } from '../metrics.ts'
import { createStoreRoom, type StoreRoom } from '../store-room.ts'

/** What holds for bots whose settings say nothing of it, and how long the store may take. */
export interface IntakeOptions extends Pick<AcceptUpdateDeps, 'userLimit' | 'maxBacklog' | 'timeoutMs'> {
  readonly logger: Logger
  readonly metrics: GatewayMetrics
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The main path, from a platform's call to its updates being stored. */
    acceptUpdate: AcceptUpdate
    /** What the store has room for. */
    storeRoom: StoreRoom
  }
}

/** The main path, which webhooks and polling share. */
export default fp<IntakeOptions>(
  async function intake(app, options) {
    const { adapters, callWaiter: waiter, keyring, mailbox, naming, targets } = app
    const { deliver } = mailbox
    const { dispatcher } = targets
    app.decorate(
      'acceptUpdate',
      createAcceptUpdate({ adapters, deliver, dispatcher, keyring, naming, waiter, ...options }),
    )
    const room = createStoreRoom({ redis: app.redis.commands, logger: options.logger })
    app.decorate('storeRoom', room)
    app.addHook('onClose', async () => room.close())
  },
  {
    name: 'intake',
    fastify: '5.x',
    decorators: { fastify: ['adapters', 'callWaiter', 'keyring', 'mailbox', 'naming', 'redis', 'targets'] },
  },
)
