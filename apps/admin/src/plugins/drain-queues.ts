import { createDrainQueues, type DrainQueues } from '@botyard/mailbox'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /** The queues by which workers are woken. */
    drainQueues: DrainQueues
  }
}

/** Wakes the workers when an operator lets a conversation go on. */
export default fp<{ readonly shards: number }>(
  async function drainQueues(app, { shards }) {
    const queues = createDrainQueues({ redis: app.redis.commands, shards })
    app.decorate('drainQueues', queues)
    app.addHook('onClose', () => queues.close())
  },
  { name: 'drain-queues', fastify: '5.x', dependencies: ['redis-clients'] },
)
