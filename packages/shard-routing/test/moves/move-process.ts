// A process that makes moves, and dies (SIGKILL) or stands still (SIGSTOP) where it is told to.
import { createKeyring, createRedis } from '@botyard/service-kit'
import { pino } from 'pino'
import { createControlDatabase, createShardStore, startMoves } from '../../src/index.ts'

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
