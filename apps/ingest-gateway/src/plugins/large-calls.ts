import type { KeySet } from '@botyard/service-kit'
import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import { createLargeCalls, type LargeCalls, type LargeCallsOptions } from '../large/large-calls.ts'
import { traceCalls } from '../trace-calls.ts'

/** What the thread is started with. */
export interface LargeCallsPluginOptions {
  readonly thread: LargeCallsOptions['thread']
  readonly maxBytes: number
  /** The keys that count when the thread starts. */
  readonly keys: () => KeySet
  readonly logger: Logger
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Takes large calls beside the event loop. */
    largeCalls: LargeCalls
  }
}

/** The thread for large calls; closing it waits for what is under way there. */
export default fp<LargeCallsPluginOptions>(
  async function largeCalls(app, options) {
    const large = createLargeCalls({ ...options, waiter: app.callWaiter })
    app.decorate('largeCalls', { ...large, accept: traceCalls(large.accept, app.tracing) })
    app.addHook('onReady', () => large.start())
    app.addHook('onClose', () => large.close())
  },
  { name: 'large-calls', fastify: '5.x', dependencies: ['call-waiter'] },
)
