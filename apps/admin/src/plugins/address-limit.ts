import type { ReportSecurityEvent } from '@botyard/service-kit'
import rateLimit from '@fastify/rate-limit'
import fp from 'fastify-plugin'
import { TooManyRequestsError } from '../errors.ts'

/** How many requests a minute, and where refusals are told. */
export interface AddressLimitOptions {
  readonly perMinute: number
  readonly security: ReportSecurityEvent
}

/**
 * Limits every address, before its token is looked at. Counted by each instance for itself: an API for a few people needs no
 * shared count, and so goes on when Redis is away.
 */
export default fp<AddressLimitOptions>(
  async function addressLimit(app, { perMinute, security }) {
    await app.register(rateLimit, {
      // The plugin would hook itself behind each route's hooks, authentication included, and so count no refused token.
      global: false,
      max: perMinute,
      timeWindow: 60_000,
      ipv6Subnet: 64,
      errorResponseBuilder: () => new TooManyRequestsError(),
      onExceeded: request => security('security.limit_refused', { limit: 'address', ip: request.ip }),
    })
    app.addHook('onRequest', app.rateLimit())
  },
  { name: 'address-limit', fastify: '5.x' },
)
