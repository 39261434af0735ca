import { createSendLimits, type SendLimits } from '@botyard/send-limits'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /** The limits of sending that all workers share. */
    sendLimits: SendLimits
  }
}

/** The platforms' limits of sending, in Redis. */
export default fp(
  async function sendLimits(app) {
    app.decorate('sendLimits', createSendLimits({ redis: app.redis.commands, naming: app.naming }))
  },
  { name: 'send-limits', fastify: '5.x', dependencies: ['redis-clients', 'naming'] },
)
