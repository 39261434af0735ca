import type { WebhookRequest, WebhookResponse } from '@botyard/platforms'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Parameters of a webhook's path. */
export interface HookParams {
  platform: string
  botId: string
}

/** What an adapter sees of a call; `publicUrl` is what platforms call this gateway by. */
export function webhookRequest(publicUrl: string, request: FastifyRequest, body: Buffer): WebhookRequest {
  const { method, headers } = request
  return { method, url: publicUrl + request.url, headers, body, receivedAtMs: Date.now() }
}

/** Sends what the platform expects: JSON unless the response names another type. */
export function sendResponse(reply: FastifyReply, response: WebhookResponse): FastifyReply {
  const { status, contentType = 'application/json', body } = response
  return reply.code(status).header('content-type', contentType).send(body)
}
