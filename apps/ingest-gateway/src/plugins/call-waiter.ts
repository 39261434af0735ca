import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import { type CallWaiter, createCallWaiter } from '../call-waiter.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The calls that platforms keep open until a worker answers them. */
    callWaiter: CallWaiter
  }
}

/** Listens for the answers of handlers, on a channel of this process. */
export default fp<{ readonly logger: Logger }>(
  async function callWaiter(app, { logger }) {
    const waiter = createCallWaiter({ subscriber: app.redis.subscriber, keyring: app.keyring, logger })
    app.decorate('callWaiter', waiter)
    app.addHook('onClose', () => waiter.close())
  },
  { name: 'call-waiter', fastify: '5.x', dependencies: ['redis-clients', 'keyring'] },
)
