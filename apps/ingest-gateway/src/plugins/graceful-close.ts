import { Server } from 'node:net'
import fp from 'fastify-plugin'

/** How long a connection kept alive may idle, once the app closes, before it is cut. */
export interface GracefulCloseOptions {
  readonly drainMs: number
}

/**
 * Closes without failing a call. Node's own close cuts idle connections at once, and with them the call that was on its way
 * on one of them. Here only the listener closes at once; a connection kept alive is served on, each answer now saying
 * `connection: close` (Fastify does that), until the caller has closed it or `drainMs` are over.
 */
export default fp<GracefulCloseOptions>(
  async function gracefulClose(app, { drainMs }) {
    app.addHook('preClose', async () => {
      if (!app.server.listening) return
      const { promise: drained, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, drainMs)
      // net's close, not http's: that one would cut the idle connections.
      Server.prototype.close.call(app.server, () => resolve())
      await drained
      clearTimeout(timer)
    })
  },
  { name: 'graceful-close', fastify: '5.x' },
)
