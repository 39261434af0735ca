import type { ClientAddresses, LineSampler } from '@botyard/service-kit'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import { answerFor, errorBody } from '../error-answer.ts'
import { NotFoundError } from '../errors.ts'
import type { GatewayMetrics } from '../metrics.ts'

/** Where refusals are told. */
export interface ErrorAnswersOptions {
  readonly logger: Logger
  readonly metrics: GatewayMetrics
  readonly addresses: ClientAddresses
  readonly lines: LineSampler
}

/**
 * Answers every error in one shape, `{ error: { code, message, path? } }`, and gives each one log line and
 * one count.
 */
export default fp<ErrorAnswersOptions>(
  async function errorAnswers(app, options) {
    const answer = createErrorHandler(options)
    app.setErrorHandler<FastifyError>(answer)
    app.setNotFoundHandler({ preHandler: app.limitAddress }, () => {
      throw new NotFoundError()
    })
  },
  { name: 'error-answers', fastify: '5.x', dependencies: ['address-limits'] },
)

/** The handler itself: Fastify wants it once more for errors that arise before routing. */
export function createErrorHandler({ logger, metrics, addresses, lines }: ErrorAnswersOptions) {
  return function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
    const answer = answerFor(error)
    metrics.refused(answer.code)
    const facts = {
      bot: request.hook?.askedFor,
      platform: request.hook?.adapter.platform,
      code: answer.code,
      path: answer.path,
    }
    if (answer.status === 500) logger.error({ ...facts, err: error }, 'call failed')
    // A security event is the line of these.
    else if (answer.status !== 401 && answer.status !== 429) logRefusal(facts)
    if (answer.retryAfterS !== undefined) reply.header('retry-after', answer.retryAfterS)
    if (isStrangers(answer.status) && !addresses.isTrusted(request.raw.socket.remoteAddress)) {
      reply.header('connection', 'close')
    }
    void reply.status(answer.status).send(errorBody(answer))
  }

  function logRefusal(facts: { code: string }): void {
    const leftOut = lines.sample(facts.code)
    if (leftOut !== undefined) logger.info(leftOut > 0 ? { ...facts, leftOut } : facts, 'call refused')
  }
}

/**
 * Answers to callers who proved nothing. Their connections are not kept: keep-alive is long, for the sake of
 * load balancers.
 */
function isStrangers(status: number): boolean {
  return status === 401 || status === 404 || status === 405 || status === 415 || status === 429
}
