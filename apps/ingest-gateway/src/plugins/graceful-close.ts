import { Server } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import fp from 'fastify-plugin'

/**
 * How long a connection kept alive may idle once the app closes, in ms; and then, how long a call may still
 * take.
 */
export interface GracefulCloseOptions {
  readonly drainMs: number
}

/**
 * Closes without failing a call. Node's own close cuts idle connections at once, and with them the call that
 * was on its way on one of them. Here only the listener closes at once. A connection kept alive is served on,
 * each answer now saying `connection: close` (Fastify does that), until the caller has closed it or `drainMs`
 * are over; then the idle ones are cut, and after as much time again also those whose call never arrived in
 * full.
 */
export default fp<GracefulCloseOptions>(
  async function gracefulClose(app, { drainMs }) {
    app.addHook('preClose', async () => {
      if (!app.server.listening) return
      const over = new AbortController()
      const wait = () => delay(drainMs, undefined, { signal: over.signal }).catch(() => undefined)
      // net's close, not http's: that one would cut the idle connections.
      Server.prototype.close.call(app.server, () => over.abort())
      await wait()
      app.server.closeIdleConnections()
      await wait()
      app.server.closeAllConnections()
    })
  },
  { name: 'graceful-close', fastify: '5.x' },
)
