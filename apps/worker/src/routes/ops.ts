import ops from '@botyard/service-kit/plugins/ops'
import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Config } from '../config.ts'

/** Where the routes listen, and what they tell. */
export interface OpsRoutesOptions {
  readonly config: Pick<Config, 'WORKER_OPS_HOST' | 'WORKER_OPS_PORT'>
  readonly logger: Logger
  readonly registry: Registry
}

/**
 * The worker's only routes: `/live`, `/ready` and `/metrics`. It is ready while it works (`working`), Redis
 * takes its heartbeat (`redis`), it knows its bots (`bots`) and hears what is published (`subscriptions`);
 * the plugins that open these add the checks.
 */
export default fp<OpsRoutesOptions>(
  async function opsRoutes(app, { config, ...options }) {
    await app.register(ops, {
      ...options,
      ...{ host: config.WORKER_OPS_HOST, port: config.WORKER_OPS_PORT, check: 'working' },
    })
  },
  { name: 'ops-routes', fastify: '5.x' },
)
