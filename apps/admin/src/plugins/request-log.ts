import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import type { AdminMetrics } from '../metrics.ts'

/** Where requests are told. */
export interface RequestLogOptions {
  readonly logger: Logger
  readonly metrics: AdminMetrics
}

/** One log line and one measurement a request: who asked which route, never the body. */
export default fp<RequestLogOptions>(
  async function requestLog(app, { logger, metrics }) {
    app.addHook('onResponse', async (request, reply) => {
      const route = request.routeOptions.url ?? 'none'
      metrics.answered(request.method, route, reply.statusCode, reply.elapsedTime)
      logger.info(
        {
          method: request.method,
          route,
          bot: (request.params as { id?: string } | undefined)?.id,
          actor: request.actor?.subject,
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime),
        },
        'request answered',
      )
    })
  },
  { name: 'request-log', fastify: '5.x' },
)
