import { countedAddress } from '@botyard/service-kit'
import rateLimit from '@fastify/rate-limit'
import type { onRequestAsyncHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { TooManyRequestsError } from '../errors.ts'

/** How many requests a minute. */
export interface RequestLimitsOptions {
  readonly perMinute: number
}

declare module 'fastify' {
  interface FastifyInstance {
    /** An onRequest hook behind `authenticate`: refuses a client with 429 that asks too often. */
    limitClient: onRequestAsyncHookHandler
    /**
     * Counts a request that proved nothing, and throws `TooManyRequestsError` if its address made too many of
     * them.
     */
    countStranger: onRequestAsyncHookHandler
  }
}

/**
 * Limits each client by the subject of its token, and strangers by their address. Were both counted together,
 * a stranger at the same address (an office, a proxy) could lock the operators out. Counted by each instance
 * for itself: an API for a few people needs no shared count, and so goes on when Redis is away.
 */
export default fp<RequestLimitsOptions>(
  async function requestLimits(app, { perMinute }) {
    const { security } = app
    await app.register(rateLimit, { global: false, max: perMinute, timeWindow: 60_000 })
    const clients = app.createRateLimit({ keyGenerator: request => `client ${request.actor.subject}` })
    const strangers = app.createRateLimit({
      keyGenerator: request => `stranger ${countedAddress(request.clientIp)}`,
    })

    app.decorate('limitClient', async (request, reply) => {
      const result = await clients(request)
      if (result.isAllowed || !result.isExceeded) return
      security('security.limit_refused', {
        limit: 'client',
        actor: request.actor.subject,
        ip: request.clientIp,
      })
      reply.header('retry-after', result.ttlInSeconds)
      throw new TooManyRequestsError()
    })
    app.decorate('countStranger', async (request, reply) => {
      const result = await strangers(request)
      if (result.isAllowed || !result.isExceeded) return
      security('security.limit_refused', { limit: 'address', ip: request.clientIp })
      reply.header('retry-after', result.ttlInSeconds)
      throw new TooManyRequestsError()
    })
  },
  { name: 'request-limits', fastify: '5.x', decorators: { fastify: ['security'] } },
)
