import type { PlatformAdapter, WebhookAnswer, WebhookRequest } from '@botyard/platforms'
import type { Platform } from '@botyard/queue-contracts'
import type { ReportSecurityEvent } from '@botyard/service-kit'
import type { Bot, BotDirectory } from '@botyard/shard-routing'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { AcceptUpdate } from '../../accept-update.ts'
import {
  BacklogFullError,
  BodyTooLargeError,
  BotUnreadableError,
  MethodNotAllowedError,
  SignatureRefusedError,
  TooManyFailuresError,
  UnknownBotError,
  UnsupportedMediaTypeError,
} from '../../errors.ts'
import type { GatewayMetrics } from '../../metrics.ts'
import { readBody } from './read-body.ts'

/** What the webhooks need; `publicUrl` is without a slash at its end. */
export interface HookRoutesOptions {
  readonly acceptUpdate: AcceptUpdate
  readonly adapters: Readonly<Record<Platform, PlatformAdapter>>
  readonly bots: Pick<BotDirectory, 'get' | 'isUnreadable'>
  readonly metrics: GatewayMetrics
  readonly security: ReportSecurityEvent
  readonly publicUrl: string
  readonly maxBodyBytes: number
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The bot that a webhook call is for; null on any other route, and before it was found. */
    hook: {
      readonly bot: Bot
      readonly adapter: PlatformAdapter
      /** The largest body that is read, in bytes. */
      readonly mostBytes: number
      readonly startedAt: number
    } | null
  }
}

interface HookParams {
  platform: string
  botId: string
}

const Stored = Type.Object({ ok: Type.Literal(true) }, { description: 'Stored, now or before.' })
const Refused = Type.Object({
  error: Type.Object({ code: Type.String(), message: Type.String(), path: Type.Optional(Type.String()) }),
})
const stored = { ok: true as const }
const noBody = Buffer.alloc(0)

/** `POST /hooks/:platform/:botId`: what the platforms call. The path is the bot, the body's bytes are kept as they came. */
export const hookRoutes: FastifyPluginAsync<HookRoutesOptions> = async function hookRoutes(app, options) {
  const { acceptUpdate, adapters, bots, metrics, publicUrl } = options
  const mediaTypes = new Set(Object.values(adapters).flatMap(adapter => adapter.contentTypes))
  app.removeAllContentTypeParsers()
  app.addContentTypeParser([...mediaTypes], readBody)

  app.post<{ Params: HookParams; Body: Buffer | undefined }>(
    '/hooks/:platform/:botId',
    {
      onRequest: [app.limitAddress, findBot],
      schema: { response: { 200: Stored, '4xx': Refused, '5xx': Refused } },
    },
    async (request, reply) => {
      const { bot, adapter, startedAt } = request.hook!
      const body = request.body ?? noBody
      if (!adapter.contentTypes.includes(request.mediaType ?? '')) throw new UnsupportedMediaTypeError()
      const outcome = await acceptUpdate(bot, callOf(request, body))
      if (outcome.status === 'refused') return refuse(app, request, reply, outcome.reason, options)
      if (outcome.status === 'backlog-full') throw new BacklogFullError()
      metrics.acknowledged(bot.platform, performance.now() - startedAt)
      return outcome.answer === undefined ? stored : say(reply, outcome.answer)
    },
  )

  app.get<{ Params: HookParams }>(
    '/hooks/:platform/:botId',
    { onRequest: [app.limitAddress, findBot] },
    async (request, reply) => {
      const { bot, adapter } = request.hook!
      if (!adapter.challenge) {
        reply.header('allow', 'POST')
        throw new MethodNotAllowedError()
      }
      const answer = adapter.challenge(callOf(request, noBody), bot.credentials)
      if (answer === undefined) return refuse(app, request, reply, 'mismatch', options)
      return say(reply, answer)
    },
  )

  app.route({
    method: app.supportedMethods.filter(method => method !== 'POST' && method !== 'GET'),
    url: '/hooks/:platform/:botId',
    onRequest: [
      app.limitAddress,
      (_request, reply, done) => {
        reply.header('allow', 'POST')
        done(new MethodNotAllowedError())
      },
    ],
    handler: () => {
      throw new MethodNotAllowedError()
    },
  })

  /** Runs before the body is read: a stranger's costs no memory. */
  function findBot(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
    const { platform, botId } = request.params as HookParams
    const bot = bots.get(botId)
    const adapter = bot?.platform === platform ? adapters[bot.platform] : undefined
    if (!bot || !adapter) {
      done(!bot && bots.isUnreadable(botId) ? new BotUnreadableError() : new UnknownBotError())
      return
    }
    const mostBytes = Math.min(adapter.maxBodyBytes, options.maxBodyBytes)
    request.hook = { bot, adapter, mostBytes, startedAt: performance.now() }
    if (Number(request.headers['content-length'] ?? 0) <= mostBytes) {
      done()
      return
    }
    // Kept open, the connection would have to take in all of the body to get to the next call.
    reply.header('connection', 'close')
    done(new BodyTooLargeError())
  }

  function callOf(request: FastifyRequest, body: Buffer): WebhookRequest {
    const { method, headers } = request
    return { method, url: publicUrl + request.url, headers, body, receivedAtMs: Date.now() }
  }
}

/** Says what the platform wants to hear: JSON unless the answer names another type. */
function say(reply: FastifyReply, { status, contentType = 'application/json', body }: WebhookAnswer): FastifyReply {
  return reply.code(status).header('content-type', contentType).send(body)
}

async function refuse(
  app: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
  reason: string,
  { security }: HookRoutesOptions,
): Promise<never> {
  const { bot, adapter } = request.hook!
  const { isExceeded, retryAfterS } = await app.countFailure(request)
  const event = adapter.repeatsSecret ? 'security.secret_refused' : 'security.signature_refused'
  security(event, { bot: bot.id, platform: bot.platform, reason, ip: request.ip })
  if (!isExceeded) throw new SignatureRefusedError()
  reply.header('retry-after', retryAfterS).header('connection', 'close')
  throw new TooManyFailuresError()
}
