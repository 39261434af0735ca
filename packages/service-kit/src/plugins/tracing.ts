import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import type { Tracing } from '../tracing/tracing.ts'

/** Where spans go; nowhere without an endpoint. */
export interface TracingOptions {
  readonly endpoint: string | undefined
  readonly ratio: number
  /** The app's name. */
  readonly app: string
  readonly logger: Logger
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined while tracing is off: then none of it is even loaded. */
    tracing: Tracing | undefined
  }
}

/** Tells OpenTelemetry what the app does, if it is told where; closes after those that have spans open. */
export default fp<TracingOptions>(
  async function tracing(app, { endpoint, ...target }) {
    if (endpoint === undefined) {
      app.decorate('tracing', undefined)
      return
    }
    const { startTracing } = await import('../tracing/start-tracing.ts')
    const started = startTracing({ endpoint, ratio: target.ratio, app: target.app, logger: target.logger })
    app.decorate('tracing', started)
    app.addHook('onClose', () => started.close())
  },
  { name: 'tracing', fastify: '5.x' },
)
