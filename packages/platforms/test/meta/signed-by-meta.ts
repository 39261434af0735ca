import { sign } from '@octokit/webhooks-methods'
import type { WebhookRequest } from '../../src/index.ts'
import type { Tampered } from '../conformance/conformance-case.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { flipBit } from '../verify/flip-bit.ts'

/** A secret as Meta's dashboard shows them. */
export const appSecret = '0123456789abcdef0123456789abcdef'

/** A token as an operator makes one up. */
export const verifyToken = 'a-verify-token'

/**
 * A genuine call: GitHub signs as Meta does, so its library is the oracle; it signs text, and the fixtures
 * are UTF-8.
 */
export async function signedByMeta(body: Buffer): Promise<WebhookRequest> {
  const headers = {
    'content-type': 'application/json',
    'x-hub-signature-256': await sign(appSecret, body.toString()),
  }
  return webhookRequest(body, headers)
}

/** A genuine call with one bit changed in what is signed, in the signature, and in the key. */
export function tamperedWith(request: WebhookRequest, credentials: object): Tampered[] {
  const signature = Buffer.from(String(request.headers['x-hub-signature-256']).slice('sha256='.length), 'hex')
  const changed = {
    ...request.headers,
    'x-hub-signature-256': `sha256=${flipBit(signature).toString('hex')}`,
  }
  return [
    { what: 'signature', request: { ...request, headers: changed } },
    { what: 'body', request: { ...request, body: flipBit(request.body) } },
    {
      what: 'key',
      request,
      credentials: { ...credentials, appSecret: flipBit(Buffer.from(appSecret)).toString() },
    },
  ]
}

/** Meta's GET when a webhook is set. */
export function challengeRequest(token: string): { request: WebhookRequest; body: string } {
  const query = new URLSearchParams({
    'hub.mode': 'subscribe',
    'hub.challenge': '1158201444',
    'hub.verify_token': token,
  })
  const url = `https://bots.example/hooks/any/bot?${query}`
  return { request: { ...webhookRequest(''), method: 'GET', url }, body: '1158201444' }
}
