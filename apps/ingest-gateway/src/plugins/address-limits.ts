import { countedAddress } from '@botyard/service-kit'
import rateLimit from '@fastify/rate-limit'
import type { FastifyRequest, preHandlerAsyncHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { TooManyRequestsError } from '../errors.ts'
import { createSharedCounts } from '../limits/shared-counts.ts'

/** Limits per address and minute. */
export interface AddressLimitsOptions {
  /** Calls of any kind. High: platforms call from few addresses. */
  readonly maxCalls: number
  /** Calls of one bot whose secret or signature was refused. */
  readonly maxFailures: number
}

const windowMs = 60_000

/**
 * How often instances exchange what they counted, in ms: at 10,000 calls a second, 2,000 calls of
 * uncertainty.
 */
const exchangeMs = 200

/** Ids are counted in so many groups: a stranger who makes ids up fills no table with them. */
const failureGroups = 64

declare module 'fastify' {
  interface FastifyInstance {
    /** A hook that refuses a call with 429 when its address made too many. */
    limitAddress: preHandlerAsyncHookHandler
    /** Counts a refused call of a webhook, and answers whether its address has made too many of them. */
    countFailure(request: FastifyRequest): Promise<{ isExceeded: boolean; retryAfterS: number }>
  }
}

/**
 * Failures are counted per address *and bot* (in groups of bots, unknown ones among them), and the limit is
 * checked when a verification failed, not before: platforms call all bots from the same few addresses, so a
 * stranger who points their own bot at another's webhook would otherwise have the genuine calls refused.
 * Guessing is hopeless either way; what the limit saves is answers and connections.
 */
export default fp<AddressLimitsOptions>(
  async function addressLimits(app, { maxCalls, maxFailures }) {
    const { naming, security } = app
    const counts = createSharedCounts({
      redis: app.redis.commands,
      // No bot has an empty id, so these names cannot be those of an update.
      name: key => naming.update('', key).toString('base64url'),
      windowMs,
      flushMs: exchangeMs,
    })
    app.addHook('onClose', async () => counts.close())

    class Store {
      incr(key: string, callback: (error: null, result: { current: number; ttl: number }) => void): void {
        callback(null, counts.add(key))
      }
      child(): Store {
        return this
      }
    }
    await app.register(rateLimit, {
      global: false,
      store: Store,
      timeWindow: windowMs,
      max: maxCalls,
      keyGenerator: request => countedAddress(request.clientIp),
      // Callers need not know what is left of the limit, and the headers cost more than the count.
      addHeadersOnExceeding: {
        'x-ratelimit-limit': false,
        'x-ratelimit-remaining': false,
        'x-ratelimit-reset': false,
      },
      addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
      onExceeded: request => security('security.limit_refused', { limit: 'address', ip: request.clientIp }),
      errorResponseBuilder: () => new TooManyRequestsError(),
    })
    app.decorate('limitAddress', app.rateLimit())

    const failures = app.createRateLimit({
      max: maxFailures,
      keyGenerator: request => `${failureGroup(request)} ${countedAddress(request.clientIp)}`,
    })
    app.decorate('countFailure', async request => {
      const result = await failures(request)
      return result.isAllowed
        ? { isExceeded: false, retryAfterS: 0 }
        : { isExceeded: result.isExceeded, retryAfterS: result.ttlInSeconds }
    })
  },
  { name: 'address-limits', fastify: '5.x', decorators: { fastify: ['naming', 'redis', 'security'] } },
)

/** Of the id in the address, whether there is such a bot or not: otherwise the answers would tell. */
function failureGroup({ hook }: FastifyRequest): number {
  let sum = 0
  for (const character of hook?.askedFor ?? '') sum = (sum * 31 + character.charCodeAt(0)) % 65_521
  return sum % failureGroups
}
