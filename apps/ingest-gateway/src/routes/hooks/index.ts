import type { FastifyPluginAsync } from 'fastify'
import { Type } from 'typebox'
import { BacklogFullError, UnsupportedMediaTypeError } from '../../errors.ts'
import { PagedBody } from '../../large/body-memory.ts'
import { freeBytes } from '../../large/free-bytes.ts'
import type { GatewayMetrics } from '../../metrics.ts'
import { createFindHook, type FindHookDeps } from './find-hook.ts'
import { addOtherMethods } from './other-methods.ts'
import { type Body, createReadBody } from './read-body.ts'
import { refuse } from './refuse.ts'
import { type HookParams, sendResponse, webhookRequest } from './webhook-call.ts'

/** What the webhooks need; `publicUrl` is without a slash at its end. */
export interface HookRoutesOptions extends Pick<FindHookDeps, 'budget' | 'maxBacklog' | 'maxBodyBytes'> {
  readonly metrics: GatewayMetrics
  readonly publicUrl: string
}

const Stored = Type.Object({ ok: Type.Literal(true) }, { description: 'Stored, now or before.' })
const Refused = Type.Object({
  error: Type.Object({ code: Type.String(), message: Type.String(), path: Type.Optional(Type.String()) }),
})
const stored = { ok: true as const }
const noBody = Buffer.alloc(0)

/**
 * `POST /hooks/:platform/:botId`: what the platforms call. The path is the bot, the body's bytes are kept as
 * they came.
 */
export const hookRoutes: FastifyPluginAsync<HookRoutesOptions> = async function hookRoutes(app, options) {
  // From plugins/intake.ts (acceptUpdate, storeRoom), address-limits.ts (limitAddress, countFailure) and
  // foundations.ts (the rest).
  const { acceptUpdate, adapters, bots, pressure, security, storeRoom: room } = app
  const { metrics, publicUrl } = options
  const large = app.hasDecorator('largeCalls') ? app.largeCalls : undefined
  const findHook = createFindHook({ ...options, adapters, bots, pressure, room, security })
  const mediaTypes = new Set(Object.values(adapters).flatMap(adapter => adapter.contentTypes))
  app.removeAllContentTypeParsers()
  app.addContentTypeParser([...mediaTypes], createReadBody(large?.memory))

  app.post<{ Params: HookParams; Body: Body | undefined }>(
    '/hooks/:platform/:botId',
    {
      onRequest: [app.limitAddress, findHook],
      schema: { response: { 200: Stored, '4xx': Refused, '5xx': Refused } },
    },
    async (request, reply) => {
      const { bot, adapter, startedAt } = request.hook!
      const body = request.body ?? noBody
      if (!adapter.contentTypes.includes(request.mediaType ?? '')) throw new UnsupportedMediaTypeError()
      if (!bot) return refuse(app, request, reply, 'unknown bot')
      const isLarge = body instanceof PagedBody
      const outcome = await (isLarge
        ? large!.accept(bot, webhookRequest(publicUrl, request, noBody), body, metrics)
        : acceptUpdate(bot, webhookRequest(publicUrl, request, body)))
      if (outcome.status === 'refused') {
        if (!isLarge) freeBytes(body)
        return refuse(app, request, reply, outcome.reason)
      }
      if (outcome.status === 'backlog-full') throw new BacklogFullError()
      const answeredBy = outcome.status === 'stored' ? outcome.answeredBy : 'gateway'
      metrics.acknowledged(bot.platform, performance.now() - startedAt, answeredBy)
      return outcome.answer === undefined ? stored : sendResponse(reply, outcome.answer)
    },
  )

  addOtherMethods(app, { findHook, publicUrl })
}
