import { startSweeper } from '@botyard/mailbox'
import fp from 'fastify-plugin'
import type { WorkerMetrics } from '../metrics.ts'

/** Wakes conversations whose wake-up was lost. */
export default fp<{ readonly shards: number; readonly metrics: Pick<WorkerMetrics, 'swept'> }>(
  async function sweeper(app, { shards, metrics }) {
    const sweeping = startSweeper({
      redis: app.redis.worker,
      queues: app.drainQueues,
      process: app.heartbeat.process,
      onSwept: metrics.swept,
      shards,
    })
    app.addHook('onClose', () => app.closedOrLost(sweeping.close()))
  },
  { name: 'sweeper', fastify: '5.x', dependencies: ['heartbeat'] },
)
