import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import { MethodNotAllowedError } from '../../errors.ts'
import { refuse } from './refuse.ts'
import { type HookParams, sendResponse, webhookRequest } from './webhook-call.ts'

/** What these routes share with those that take updates. */
export interface OtherMethodsOptions {
  readonly findHook: onRequestHookHandler
  readonly publicUrl: string
}

const noBody = Buffer.alloc(0)

/** `GET` on a webhook, by which some platforms ask whether it is there; every other method is refused. */
export function addOtherMethods(app: FastifyInstance, { findHook, publicUrl }: OtherMethodsOptions): void {
  const url = '/hooks/:platform/:botId'

  app.get<{ Params: HookParams }>(
    url,
    { onRequest: [app.limitAddress, findHook] },
    async (request, reply) => {
      const { bot, adapter } = request.hook!
      if (!adapter.challenge) {
        reply.header('allow', 'POST')
        throw new MethodNotAllowedError()
      }
      const answer = bot && adapter.challenge(webhookRequest(publicUrl, request, noBody), bot.credentials)
      if (answer === undefined) return refuse(app, request, reply, bot ? 'mismatch' : 'unknown bot')
      return sendResponse(reply, answer)
    },
  )

  app.route({
    method: app.supportedMethods.filter(method => method !== 'POST' && method !== 'GET'),
    url,
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
}
