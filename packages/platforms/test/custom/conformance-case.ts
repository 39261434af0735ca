import { Webhook } from 'standardwebhooks'
import { adapters, type WebhookRequest } from '../../src/index.ts'
import type { ConformanceCase } from '../conformance/conformance-case.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { events } from './events.ts'
import { questions } from './questions.ts'

const key = Buffer.from('a key of thirty-two bytes, exact')
const credentials = { secret: secretOf(key), replyUrl: 'https://replies.example/botyard' }
const id = 'msg_conformance'

function secretOf(bytes: Buffer): string {
  return `whsec_${bytes.toString('base64')}`
}

/** The same bytes with one bit changed, in the middle. */
function flipped(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes)
  changed[changed.length >> 1]! ^= 1
  return changed
}

function signed(body: Buffer, atMs: number): WebhookRequest {
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(atMs / 1000)),
    'webhook-signature': new Webhook(credentials.secret).sign(id, new Date(atMs), body),
  }
  return webhookRequest(body, headers)
}

function withHeaders(request: WebhookRequest, headers: Record<string, string>): WebhookRequest {
  return { ...request, headers: { ...request.headers, ...headers } }
}

const foreign = [
  { id, kind: 'other', conversation: 'bot', user: undefined, text: undefined, sentAtMs: undefined },
]

/** The signed channel's duties; the reference library signs. */
export const customCase: ConformanceCase = {
  adapter: adapters.custom,
  credentials,
  oracle: 'standardwebhooks',
  request: (body, { atMs = Date.now() } = {}) => signed(body, atMs),
  tampered(request) {
    const signature = Buffer.from(String(request.headers['webhook-signature']).slice('v1,'.length), 'base64')
    const timestamp = String(Number(request.headers['webhook-timestamp']) - 1)
    return [
      {
        what: 'signature',
        request: withHeaders(request, { 'webhook-signature': `v1,${flipped(signature).toString('base64')}` }),
      },
      { what: 'body', request: { ...request, body: flipped(request.body) } },
      { what: 'id', request: withHeaders(request, { 'webhook-id': `${id}2` }) },
      { what: 'time stamp', request: withHeaders(request, { 'webhook-timestamp': timestamp }) },
      { what: 'key', request, credentials: { secret: secretOf(flipped(key)) } },
    ]
  },
  windowMs: 5 * 60 * 1000,
  events,
  questions,
  fixtures: { 'spec-example.json': foreign, 'vector-1.json': foreign },
  // Each try has a time stamp of its own, and so another signature; the id stays.
  redelivered: body => signed(body, Date.now() - 1000),
}
