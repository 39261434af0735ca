import type { KeySet } from '@botyard/service-kit'
import jwt, { type TokenOrHeader } from '@fastify/jwt'
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { type Actor, actorOf, includesRole, type Role } from '../actor.ts'
import { RoleInsufficientError, TokenExpiredError, TokenInvalidError, TokenMissingError } from '../errors.ts'
import { tokenAlgorithm, tokenIssuer } from '../sign-token.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** An onRequest hook: a valid token, and the role that the route's config asks for. */
    authenticate: onRequestAsyncHookHandler
    /**
     * Refuses callers without a role (`ADM_ROLE_INSUFFICIENT`); for routes where that depends on the body.
     */
    requireRole(request: FastifyRequest, needed: Role): void
  }
  interface FastifyRequest {
    /** Set behind `authenticate`. */
    actor: Actor
  }
  interface FastifyContextConfig {
    /** Who may call the route; a route that does not say is the owner's. */
    role?: Role
  }
}

/** The keys whose tokens are accepted. */
export interface AuthenticationOptions {
  readonly keys: () => KeySet
}

/**
 * Bearer tokens: HS256 under the key that the header's `kid` names, of our issuer, with subject, role and an
 * end.
 */
export default fp<AuthenticationOptions>(
  async function authentication(app, { keys }) {
    const { security } = app
    await app.register(jwt, {
      decode: { complete: true },
      verify: {
        algorithms: [tokenAlgorithm],
        allowedIss: tokenIssuer,
        requiredClaims: ['iss', 'sub', 'role', 'iat', 'exp'],
        // A token that has been removed from the keys, or has expired, must not live on in a cache.
        cache: false,
      },
      async secret(_request: FastifyRequest, token: TokenOrHeader) {
        const { kid } = ('header' in token ? token.header : token) as { kid?: unknown }
        const valid = keys().keys
        if (typeof kid !== 'string' || !Object.hasOwn(valid, kid)) throw new TokenInvalidError()
        return Buffer.from(valid[kid]!, 'base64')
      },
    })

    app.decorateRequest('actor', null as unknown as Actor)
    app.decorate('requireRole', (request, needed) => {
      const { subject, role } = request.actor
      if (includesRole(role, needed)) return
      security('security.role_refused', {
        actor: subject,
        role,
        needed,
        ip: request.clientIp,
        route: routeOf(request),
      })
      throw new RoleInsufficientError(needed, role)
    })
    app.decorate('authenticate', async (request, reply) => {
      try {
        request.actor = await readActor(request)
      } catch (error) {
        const { code } = error as { code: string }
        security('security.token_refused', { reason: code, ip: request.clientIp, route: routeOf(request) })
        await app.countStranger(request, reply)
        throw error
      }
      app.requireRole(request, request.routeOptions.config.role ?? 'owner')
    })
  },
  {
    name: 'authentication',
    fastify: '5.x',
    dependencies: ['request-limits'],
    decorators: { fastify: ['security'] },
  },
)

async function readActor(request: FastifyRequest): Promise<Actor> {
  let claims: unknown
  try {
    claims = await request.jwtVerify()
  } catch (error) {
    throw refusalOf((error as { code?: string }).code)
  }
  const actor = actorOf(claims)
  if (!actor) throw new TokenInvalidError()
  return actor
}

/** The plugin's own messages quote the token's parts; ours do not. */
function refusalOf(code: string | undefined): Error {
  if (code === 'FST_JWT_NO_AUTHORIZATION_IN_HEADER') return new TokenMissingError()
  if (code === 'FST_JWT_AUTHORIZATION_TOKEN_EXPIRED') return new TokenExpiredError()
  return new TokenInvalidError()
}

function routeOf(request: FastifyRequest): string | undefined {
  return request.routeOptions.url
}
