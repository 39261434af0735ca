import helmet, { type FastifyHelmetOptions } from '@fastify/helmet'
import { fastify } from 'fastify'
import fp from 'fastify-plugin'

/**
 * For an API that never serves a page: nothing may be loaded, framed, sniffed or referred from its answers.
 */
const settings: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
}

/**
 * Puts helmet's headers on every answer. They are the same each time, but @fastify/helmet builds its
 * middleware anew for every request, which alone took 60 of 147 µs; so it is asked once, and its answer is
 * used for all.
 */
export default fp(
  async function securityHeaders(app) {
    const headers = await headersOfHelmet()
    app.addHook('onRequest', (_request, reply, done) => {
      reply.headers(headers)
      done()
    })
  },
  { name: 'security-headers', fastify: '5.x' },
)

async function headersOfHelmet(): Promise<Record<string, string>> {
  const probe = fastify()
  await probe.register(helmet, settings)
  // Fastify's own headers join the raw ones only when the answer is sent: in here they are helmet's alone.
  probe.get('/', (_request, reply) => ({ ...reply.raw.getHeaders() }))
  const answer = await probe.inject('/')
  await probe.close()
  return answer.json()
}
