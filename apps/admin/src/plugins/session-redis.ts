import { createRedis } from '@botyard/service-kit'
import fp from 'fastify-plugin'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'

/** Where the workers keep the bots' sessions. */
export interface SessionRedisOptions {
  /** The Redis of the queues if there is no other one. */
  readonly url: string | undefined
  readonly logger: Logger
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Where sessions lie. It may be away, which `/ready` does not ask: little needs it here. */
    sessionRedis: Redis
  }
}

/** The connection to the Redis that has the bots' sessions, which keep the keys alive that they lie under. */
export default fp<SessionRedisOptions>(
  async function sessionRedis(app, { url, logger }) {
    if (url === undefined) {
      app.decorate('sessionRedis', app.redis.commands)
      return
    }
    const client = createRedis({ url, logger, name: 'admin-cache', role: 'commands' })
    app.decorate('sessionRedis', client)
    app.addHook('onClose', async () => client.disconnect())
  },
  { name: 'session-redis', fastify: '5.x', dependencies: ['redis-clients'] },
)
