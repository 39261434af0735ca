import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import { answerFor } from '../error-answer.ts'
import { NotFoundError } from '../errors.ts'

/** Seconds until a caller should try again while the control database is away. */
const retryAfterS = 2

/** Answers every error in one shape: `{ error: { code, message, path?, problems? } }`. */
export default fp<{ readonly logger: Logger }>(
  async function errorAnswers(app, { logger }) {
    app.setErrorHandler<FastifyError>(createErrorHandler(logger))
    app.setNotFoundHandler({ preHandler: app.countStranger }, () => {
      throw new NotFoundError()
    })
  },
  { name: 'error-answers', fastify: '5.x', dependencies: ['request-limits'] },
)

/** The handler itself: Fastify wants it once more for errors that arise before routing. */
export function createErrorHandler(logger: Logger) {
  return function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
    const { status, body } = answerFor(error)
    if (status >= 500)
      logger.error({ err: error, method: request.method, route: request.routeOptions?.url }, 'request failed')
    if (status === 401) reply.header('www-authenticate', 'Bearer')
    if (status === 503) reply.header('retry-after', retryAfterS)
    void reply.status(status).send(body)
  }
}
