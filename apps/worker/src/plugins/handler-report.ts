import { reportHandlers } from '@botyard/control-database'
import { unlessAborted } from '@botyard/service-kit'
import fp from 'fastify-plugin'
import type { Logger } from 'pino'

/** Where the report tells its trouble, and what ends the wait for the first one. */
export interface HandlerReportOptions {
  readonly logger: Logger
  readonly stopping: AbortSignal
}

/**
 * Tells the others which handlers this worker has, from the end of its start to the beginning of its close.
 */
export default fp<HandlerReportOptions>(
  async function handlerReport(app, { logger, stopping }) {
    const report = reportHandlers({ redis: app.redis.commands, handlers: [...app.handlers.keys()], logger })
    app.addHook('preClose', () => report.close())
    await unlessAborted(report.told, stopping)
  },
  { name: 'handler-report', fastify: '5.x', dependencies: ['redis-clients', 'handlers'] },
)
