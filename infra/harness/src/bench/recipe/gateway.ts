import { timingSafeEqual } from 'node:crypto'
import { Queue } from 'bullmq'
import express, { type RequestHandler } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import helmet from 'helmet'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { pinoHttp } from 'pino-http'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { type RedisReply, RedisStore } from 'rate-limit-redis'
import { queueName, readRecipeConfig } from './config.ts'
import { serveMetrics } from './ops.ts'
import { TelegramUpdate, userOf } from './telegram-update.ts'

/*
 * The usual recipe, written straight: what Botyard's gateway is measured against. Every choice that the
 * recipe leaves open is made in its favour: no rate-limit or ETag headers (no platform reads them), log lines
 * without headers, one Redis connection, `removeOnComplete: true` although ids are then forgotten as soon as
 * a job is done.
 */
const config = readRecipeConfig()
const logger = pino({ name: 'recipe-gateway' }, pino.destination({ sync: false }))
const redis = new Redis(config.REDIS_URL, { maxRetriesPerRequest: 1 })
const queue = new Queue<TelegramUpdate>(queueName, {
  connection: redis,
  defaultJobOptions: { attempts: 5, backoff: { type: 'exponential', delay: 1000 }, removeOnComplete: true },
})

const registry = new Registry()
collectDefaultMetrics({ register: registry })
const accepted = new Counter({
  name: 'recipe_updates_accepted_total',
  help: 'Updates answered 200, by kind.',
  labelNames: ['kind'],
  registers: [registry],
})
const latency = new Histogram({
  name: 'recipe_http_request_duration_seconds',
  help: 'From request to answer, by status.',
  labelNames: ['status'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
  registers: [registry],
})

const timed: RequestHandler = (_request, response, next) => {
  const startedAt = process.hrtime.bigint()
  response.once('finish', () => {
    latency.observe({ status: response.statusCode }, Number(process.hrtime.bigint() - startedAt) / 1e9)
  })
  next()
}

const limitBy = (prefix: string, limit: number, keyGenerator: (request: express.Request) => string) =>
  rateLimit({
    windowMs: 60_000,
    limit,
    keyGenerator,
    standardHeaders: false,
    legacyHeaders: false,
    store: new RedisStore({
      prefix,
      sendCommand: (command: string, ...args: string[]) =>
        redis.call(command, ...args) as Promise<RedisReply>,
    }),
  })

const secret = Buffer.from(config.WEBHOOK_SECRET)
const genuine: RequestHandler = (request, response, next) => {
  const given = Buffer.from(request.get('x-telegram-bot-api-secret-token') ?? '')
  if (given.length === secret.length && timingSafeEqual(given, secret)) return next()
  response.status(401).end()
}

const validated: RequestHandler = (request, response, next) => {
  const update = TelegramUpdate.safeParse(request.body)
  if (!update.success) return void response.status(400).json({ error: update.error.issues[0]?.message })
  response.locals.update = update.data
  next()
}

const userKey = (request: express.Request): string =>
  String(userOf(request.res?.locals.update as TelegramUpdate) ?? ipKeyGenerator(request.ip ?? ''))

const enqueue: RequestHandler = async (_request, response) => {
  const update = response.locals.update as TelegramUpdate
  await queue.add('update', update, { jobId: `telegram-${update.update_id}` })
  accepted.inc({ kind: update.message ? 'message' : 'other' })
  response.status(200).end()
}

const app = express()
app.disable('x-powered-by')
app.set('etag', false)
app.use(helmet())
app.use(
  pinoHttp({
    logger,
    quietReqLogger: true,
    serializers: {
      req: (request: { method: string; url: string }) => ({ method: request.method, url: request.url }),
      res: (response: { statusCode: number }) => ({ statusCode: response.statusCode }),
    },
  }),
)
app.use(timed)
app.use(limitBy('rl:ip:', config.IP_LIMIT_PER_MINUTE, request => ipKeyGenerator(request.ip ?? '')))
app.post(
  '/webhooks/telegram',
  genuine,
  express.json({ limit: '1mb' }),
  validated,
  limitBy('rl:user:', config.USER_LIMIT_PER_MINUTE, userKey),
  enqueue,
)

const ops = await serveMetrics(registry, config.GATEWAY_OPS_PORT)
const server = app.listen(config.GATEWAY_PORT, '127.0.0.1', () => logger.info('ready'))

process.once('SIGTERM', async () => {
  ops.close()
  server.closeIdleConnections()
  await new Promise(resolve => server.close(resolve))
  await queue.close()
  redis.disconnect()
})
