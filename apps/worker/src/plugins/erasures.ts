import { botBus, membersBehind } from '@botyard/control-database/notices'
import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import { eraseBots } from '../data/erase-bots.ts'

/** Where erasing tells what it did. */
export interface ErasuresOptions {
  readonly logger: Logger
  readonly onTrouble: (error: unknown) => void
}

/** How often a worker looks for data of removed bots to erase, in ms. */
const lookEveryMs = 10_000

/** Erases the data of removed bots on the users' shards. */
export default fp<ErasuresOptions>(
  async function erasures(app, { logger, onTrouble }) {
    const { erasureStore: erasures, heartbeat, redis, userShards } = app
    const behind = (change: number) => membersBehind(redis.worker, botBus, change)
    let erasing: Promise<void> | undefined
    const timer = setInterval(() => {
      erasing ??= eraseBots({ erasures, userShards, behind, logger }, heartbeat.process)
        .catch(onTrouble)
        .finally(() => {
          erasing = undefined
        })
    }, lookEveryMs)
    app.addHook('onClose', async () => {
      clearInterval(timer)
      await app.closedOrLost(Promise.resolve(erasing))
    })
  },
  {
    name: 'erasures',
    fastify: '5.x',
    dependencies: ['heartbeat'],
    decorators: { fastify: ['erasureStore', 'redis', 'userShards'] },
  },
)
