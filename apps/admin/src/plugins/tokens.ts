import { createTokens, type Tokens } from '@botyard/mailbox'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /** Tells workers that a partition has work. */
    tokens: Tokens
  }
}

/** Wakes the workers when an operator lets a conversation go on. */
export default fp<{ readonly partitions: number }>(
  async function tokens(app, { partitions }) {
    const queues = createTokens({ redis: app.redis.commands, partitions })
    app.decorate('tokens', queues)
    app.addHook('onClose', () => queues.close())
  },
  { name: 'tokens', fastify: '5.x', dependencies: ['redis-clients'] },
)
