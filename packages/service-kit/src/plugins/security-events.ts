import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { securityEvents as createReport, type ReportSecurityEvent } from '../security-events.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Reports a security event: one log line, one count. */
    security: ReportSecurityEvent
  }
}

/** Security events of the app. */
export default fp<{ readonly logger: Logger; readonly registry: Registry }>(
  async function securityEvents(app, options) {
    app.decorate('security', createReport(options))
  },
  { name: 'security-events', fastify: '5.x' },
)
