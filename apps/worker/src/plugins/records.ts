import { startDeadLetterMover } from '@botyard/mailbox'
import fp from 'fastify-plugin'
import { createMoveRecords } from '../records/move-records.ts'
import { pruneRecords } from '../records/prune-records.ts'

/** Where records lie until they are moved. */
export interface RecordsOptions {
  readonly partitions: number
  readonly onTrouble: (error: unknown) => void
}

/** How often records past their time are deleted, in ms. */
const pruneEveryMs = 60 * 60 * 1000

/**
 * Moves dead letters and broadcasts' results from Redis to the control database, and deletes there what is
 * past its time.
 */
export default fp<RecordsOptions>(
  async function records(app, { partitions, onTrouble }) {
    const {
      broadcastStore: broadcasts,
      deadLetterStore: deadLetters,
      heartbeat,
      keyring,
      naming,
      userShards,
    } = app
    const mover = startDeadLetterMover({
      ...{ partitions, onTrouble },
      redis: app.redis.worker,
      process: heartbeat.process,
      store: createMoveRecords({ broadcasts, deadLetters, keyring, naming }),
    })
    app.addHook('onClose', () => app.closedOrLost(mover.close()))

    // Never throws: it begins queries, whose failures are caught.
    const pruner = setInterval(() => {
      for (const pruned of pruneRecords({ broadcasts, deadLetters, userShards }, Date.now()))
        pruned.catch(onTrouble)
    }, pruneEveryMs)
    app.addHook('onClose', async () => clearInterval(pruner))
  },
  {
    name: 'records',
    fastify: '5.x',
    dependencies: ['heartbeat'],
    decorators: {
      fastify: ['broadcastStore', 'deadLetterStore', 'keyring', 'naming', 'redis', 'userShards'],
    },
  },
)
