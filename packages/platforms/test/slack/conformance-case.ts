import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { isValidSlackRequest } from '@slack/bolt'
import { adapters, type WebhookRequest } from '../../src/index.ts'
import type { ConformanceCase, RequestOptions } from '../conformance/conformance-case.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { flipBit } from '../verify/flip-bit.ts'
import { events } from './events.ts'
import { expected } from './expected.ts'
import { questions } from './questions.ts'

// The secret of Slack's own example, https://docs.slack.dev/authentication/verifying-requests-from-slack.
const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5'

/** One time for all calls: what has no id is told by its call, time included. */
const startedAtMs = Date.now()

/**
 * Bolt must find genuine what this case signs, or the case proves nothing; it takes bodies as text, so only
 * of UTF-8.
 */
function request(
  body: Buffer,
  { atMs = startedAtMs, contentType = 'application/json' }: RequestOptions = {},
): WebhookRequest {
  const seconds = Math.floor(atMs / 1000)
  const hmac = createHmac('sha256', signingSecret).update(`v0:${seconds}:`).update(body).digest('hex')
  const headers = { 'x-slack-signature': `v0=${hmac}`, 'x-slack-request-timestamp': seconds }
  const asked = { signingSecret, body: body.toString(), headers, nowMilliseconds: atMs }
  assert.ok(isValidSlackRequest(asked), 'the oracle takes what the test signs')
  return webhookRequest(body, {
    'content-type': contentType,
    'x-slack-signature': headers['x-slack-signature'],
    'x-slack-request-timestamp': String(seconds),
  })
}

function withHeader(
  genuine: WebhookRequest,
  name: string,
  change: (value: string) => string,
): WebhookRequest {
  return { ...genuine, headers: { ...genuine.headers, [name]: change(String(genuine.headers[name])) } }
}

/** One bit of the decoded signature; what stands before it stays. */
const flipped = (signature: string, at?: number) =>
  `v0=${flipBit(Buffer.from(signature.slice(3), 'hex'), at).toString('hex')}`

/** Slack's duties; Bolt verifies what the tests sign. */
export const slackCase: ConformanceCase = {
  adapter: adapters.slack,
  credentials: { signingSecret, botToken: 'xoxb-1-a' },
  oracle: '@slack/bolt',
  accepted: { ok: true, channel: 'C1', ts: '1.1' },
  request,
  tampered: genuine => [
    { what: 'signature', request: withHeader(genuine, 'x-slack-signature', value => flipped(value, 0)) },
    { what: 'signature’s end', request: withHeader(genuine, 'x-slack-signature', value => flipped(value)) },
    {
      what: 'version',
      request: withHeader(genuine, 'x-slack-signature', value => value.replace('v0', 'v1')),
    },
    {
      what: 'time stamp',
      request: withHeader(genuine, 'x-slack-request-timestamp', value =>
        flipBit(Buffer.from(value)).toString(),
      ),
    },
    { what: 'body', request: { ...genuine, body: flipBit(genuine.body) } },
    {
      what: 'key',
      request: genuine,
      credentials: { signingSecret: flipBit(Buffer.from(signingSecret)).toString() },
    },
  ],
  windowMs: 5 * 60 * 1000,
  redelivered(body, options) {
    // Only events are sent again, with a time of their own.
    const isEvent = options?.contentType === 'application/json'
    const again = request(body, { ...options, ...(isEvent && { atMs: startedAtMs + 60_000 }) })
    return {
      ...again,
      headers: { ...again.headers, 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' },
    }
  },
  fixtures: expected,
  undocumented: ['synthetic-unknown-event.json'],
  events,
  questions,
}
