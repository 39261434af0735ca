import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import { startBroadcasts } from '../broadcasts/run-broadcasts.ts'

/** Where the messages of broadcasts go. */
export interface BroadcastsOptions {
  readonly partitions: number
  readonly lostEveryMs?: number
  readonly logger: Logger
  readonly onTrouble: (error: unknown) => void
}

/** Releases the messages of running broadcasts to the outbox. */
export default fp<BroadcastsOptions>(
  async function broadcasts(app, options) {
    const { adapters, bots, broadcastStore, heartbeat, keyring, naming, sendLimits } = app
    const releases = startBroadcasts(
      {
        ...{ adapters, bots, keyring, naming },
        broadcasts: broadcastStore,
        limits: sendLimits,
        redis: app.redis.worker,
      },
      { ...options, process: heartbeat.process },
    )
    app.addHook('onClose', () => app.closedOrLost(releases.close()))
  },
  {
    name: 'broadcasts',
    fastify: '5.x',
    dependencies: ['heartbeat', 'outbox'],
    decorators: {
      fastify: ['adapters', 'bots', 'broadcastStore', 'keyring', 'naming', 'redis', 'sendLimits'],
    },
  },
)
