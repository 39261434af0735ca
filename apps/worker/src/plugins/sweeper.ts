import { startSweeper } from '@botyard/mailbox'
import fp from 'fastify-plugin'
import type { WorkerMetrics } from '../metrics.ts'

/** What the sweeper is told. */
export interface SweeperPluginOptions {
  readonly partitions: number
  readonly metrics: Pick<WorkerMetrics, 'takenOver' | 'lostToken'>
  readonly onTrouble: (error: unknown) => void
}

/** Takes over what dead processes held, and replaces tokens that were lost. */
export default fp<SweeperPluginOptions>(
  async function sweeper(app, { partitions, metrics, onTrouble }) {
    const sweeping = startSweeper({
      redis: app.redis.worker,
      ...{ tokens: app.tokens, turns: app.turns },
      process: app.heartbeat.process,
      onTakenOver: metrics.takenOver,
      onLostToken: metrics.lostToken,
      ...{ partitions, onTrouble },
    })
    app.addHook('onClose', () => app.closedOrLost(sweeping.close()))
  },
  { name: 'sweeper', fastify: '5.x', dependencies: ['heartbeat'] },
)
