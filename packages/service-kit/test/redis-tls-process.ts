// Asks the Redis of REDIS_URL for a PONG with a client of ours, or says what it fails with.
import { pino } from 'pino'
import { createRedis } from '../src/index.ts'

const logger = pino({ level: 'silent' })
const redis = createRedis({ url: process.env.REDIS_URL!, logger, name: 'test', role: 'worker' })
const failed = new Promise<string>(resolve =>
  redis.on('error', error => resolve((error as { code?: string }).code ?? '')),
)
console.log(await Promise.race([redis.ping(), failed]))
redis.disconnect()
