// A process that makes moves, and dies (SIGKILL) or stands still (SIGSTOP) where it is told to.

import { createControlDatabase } from '@botyard/control-database'
import { createShardStore } from '@botyard/control-database/shards'
import { createKeyring, createRedis } from '@botyard/service-kit'
import { pino } from 'pino'
import { startMoves } from '../../src/moves/start-moves.ts'

const [settings] = process.argv.slice(2)
const { controlUrl, redisUrl, keys, name, leaseMs, at, signal } = JSON.parse(settings!)
const logger = pino({ level: 'info' })
const control = createControlDatabase({ url: controlUrl, poolSize: 3, logger })
const redis = createRedis({ url: redisUrl, logger, name: 'test', role: 'commands' })
startMoves(
  {
    ...{ control, redis, logger, shards: createShardStore(control, createKeyring(keys)) },
    async onStep(step, phase) {
      if (`${step} ${phase}` === at) process.kill(process.pid, signal)
    },
  },
  { process: name, leaseMs },
)
