import { type FastifyInstance, fastify } from 'fastify'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'

/**
 * A dependency that does not answer within this time is not ready, in ms; orchestrators give up after some
 * seconds.
 */
const readyTimeoutMs = 2_000

/**
 * The routes for operators of an app, on a port of their own that is never public; listens before it returns.
 * `/live` says that the event loop turns and never asks a dependency, or an outage of Redis would restart
 * every instance. `/ready` is 200 if every check holds, otherwise 503, with the checks as JSON. `/metrics` is
 * for Prometheus.
 */
export async function buildOps({
  logger,
  registry,
  host,
  port,
  ready,
}: {
  logger: Logger
  registry: Pick<Registry, 'contentType' | 'metrics'>
  host: string
  port: number
  ready: () => Promise<Record<string, boolean>>
}): Promise<FastifyInstance> {
  const app = fastify({ logger: false, forceCloseConnections: true })

  app.get('/live', async () => ({ live: true }))

  app.get('/ready', async (_request, reply) => {
    const checks = await answerInTime(ready, logger)
    const allReady = Object.values(checks).every(Boolean)
    return reply.code(allReady ? 200 : 503).send({ ready: allReady, checks })
  })

  app.get('/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  )

  app.setErrorHandler((err, request, reply) => {
    logger.error({ err, url: request.url }, 'ops route failed')
    return reply.code(500).send({ code: 'OPS_FAILED', message: 'The check itself failed, see the log' })
  })

  await app.listen({ host, port })
  return app
}

/** The checks, or `{ answered: false }` when they throw or take too long. */
async function answerInTime(
  ready: () => Promise<Record<string, boolean>>,
  logger: Logger,
): Promise<Record<string, boolean>> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Record<string, boolean>>(resolve => {
    timer = setTimeout(resolve, readyTimeoutMs, { answered: false })
  })
  try {
    return await Promise.race([ready(), late])
  } catch (err) {
    logger.warn({ err }, 'ready check failed')
    return { answered: false }
  } finally {
    clearTimeout(timer)
  }
}
