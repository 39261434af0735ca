import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { SignatureRefusedError, TooManyFailuresError } from '../../errors.ts'

/** Ends a call that is not genuine: counted by its address, told as a security event, answered 401 or 429. */
export async function refuse(
  app: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
  reason: string,
): Promise<never> {
  const { adapter, askedFor } = request.hook!
  const { isExceeded, retryAfterS } = await app.countFailure(request)
  const event = adapter.repeatsSecret ? 'security.secret_refused' : 'security.signature_refused'
  app.security(event, { bot: askedFor, platform: adapter.platform, reason, ip: request.clientIp })
  if (!isExceeded) throw new SignatureRefusedError()
  reply.header('retry-after', retryAfterS).header('connection', 'close')
  throw new TooManyFailuresError()
}
