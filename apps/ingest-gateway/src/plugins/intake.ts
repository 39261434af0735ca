import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import { type AcceptDeps, type AcceptUpdate, createAcceptUpdate } from '../accept-update.ts'
import type { GatewayMetrics } from '../metrics.ts'
import { createNoteUnclassified } from '../note-unclassified.ts'
import { createStoreRoom, type StoreRoom } from '../store-room.ts'
import { traceCalls } from '../trace-calls.ts'

/** Limits of bots whose settings name none, how long the store may take, and into how many parts it falls. */
export interface IntakeOptions
  extends Pick<AcceptDeps, 'userLimit' | 'maxBacklog' | 'timeoutMs' | 'partitions'> {
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
    const { adapters, callWaiter, keyring, mailbox, naming, targets } = app
    const { dispatcher } = targets
    const noteUnclassified = createNoteUnclassified(options.logger)
    const deps = { callWaiter, dispatcher, keyring, mailbox, naming, noteUnclassified, ...options }
    app.decorate('acceptUpdate', traceCalls(createAcceptUpdate(adapters, deps), app.tracing))
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
