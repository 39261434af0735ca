import { Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { queueName, readRecipeConfig } from './config.ts'
import { serveMetrics } from './ops.ts'
import { sendMessage } from './send-message.ts'
import type { TelegramUpdate } from './telegram-update.ts'

/*
 * The recipe's worker: jobs side by side, in no order, with a handler that replies the same text, or does
 * nothing if it is told no Bot API. Finished jobs log nothing.
 */
const config = readRecipeConfig()
const logger = pino({ name: 'recipe-worker' }, pino.destination({ sync: false }))
const redis = new Redis(config.REDIS_URL, { maxRetriesPerRequest: null })

const registry = new Registry()
collectDefaultMetrics({ register: registry })
const handled = new Counter({
  name: 'recipe_updates_handled_total',
  help: 'Updates whose job is completed in Redis.',
  registers: [registry],
})
const age = new Histogram({
  name: 'recipe_update_age_seconds',
  help: 'From enqueueing to the start of the handler.',
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
  registers: [registry],
})

const worker = new Worker<TelegramUpdate>(
  queueName,
  async job => {
    age.observe((Date.now() - job.timestamp) / 1000)
    const { message } = job.data
    if (config.API_ROOT && message?.text) {
      await sendMessage(`${config.API_ROOT}/bot${config.BOT_TOKEN}`, message.chat.id, message.text)
    }
  },
  { connection: redis, concurrency: config.WORKER_CONCURRENCY },
)
worker.on('completed', () => handled.inc())
worker.on('failed', (job, error) => logger.warn({ jobId: job?.id, err: error }, 'job failed'))
worker.on('error', error => logger.error({ err: error }, 'worker error'))

await worker.waitUntilReady()
const ops = await serveMetrics(registry, config.WORKER_OPS_PORT)
logger.info('ready')

process.once('SIGTERM', async () => {
  ops.close()
  await worker.close()
  redis.disconnect()
})
