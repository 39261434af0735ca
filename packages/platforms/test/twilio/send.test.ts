import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutboundMessage } from '@botyard/queue-contracts'
import { limitsTwilio } from '../../src/twilio/limits.ts'
import { smsSegments } from '../../src/twilio/segments.ts'
import { sendTwilio } from '../../src/twilio/send.ts'
import { localServer } from '../http/local-server.ts'

const accountSid = `AC${'0'.repeat(32)}`
const credentials = { accountSid, authToken: 'secret' }
const message: OutboundMessage = {
  id: '1.0',
  bot: 'b',
  platform: 'twilio',
  conversation: '+15550001111/+15552223333',
  text: 'héllo & so on',
  receivedAtMs: 0,
}

test('a reply goes from the number that was written to, as a form with the account’s own password', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) =>
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"sid":"SM7","status":"queued"}'),
  )

  const result = await sendTwilio(message, { ...credentials, apiRoot: `${origin}/` }, options)

  assert.deepEqual(result, { status: 'sent', messageId: 'SM7' })
  const [call] = received
  assert.equal(call?.url, `/2010-04-01/Accounts/${accountSid}/Messages.json`)
  assert.equal(call.headers.authorization, `Basic ${Buffer.from(`${accountSid}:secret`).toString('base64')}`)
  assert.equal(call.headers['content-type'], 'application/x-www-form-urlencoded')
  assert.deepEqual(Object.fromEntries(new URLSearchParams(call.body)), {
    Body: 'héllo & so on',
    To: '+15552223333',
    From: '+15550001111',
  })
})

test('a native message keeps its fields, lists repeated; recipient and sender are added only where it has none', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) =>
    response.end('{"sid":"SM7"}'),
  )
  const native = {
    MediaUrl: ['https://a.example/1', 'https://a.example/2'],
    ContentVariables: { 1: 'x' },
    From: '+1',
  }

  await sendTwilio(
    { ...message, text: undefined as never, native },
    { ...credentials, apiRoot: origin },
    options,
  )

  assert.deepEqual(
    [...new URLSearchParams(received[0]?.body)],
    [
      ['MediaUrl', 'https://a.example/1'],
      ['MediaUrl', 'https://a.example/2'],
      ['ContentVariables', '{"1":"x"}'],
      ['From', '+1'],
      ['To', '+15552223333'],
    ],
  )
})

test('what belongs to a conversation is posted there, by the API of Conversations', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) =>
    response.writeHead(201).end('{"sid":"IM7"}'),
  )
  const conversation = `CH${'b'.repeat(32)}`
  const send = (asked: Partial<OutboundMessage>) =>
    sendTwilio(
      { ...message, conversation, ...asked },
      { ...credentials, conversationsApiRoot: `${origin}/` },
      options,
    )

  assert.deepEqual(await send({}), { status: 'sent', messageId: 'IM7' })
  assert.deepEqual(await send({ native: { Author: 'Ann', Body: 'hi' } }), {
    status: 'sent',
    messageId: 'IM7',
  })

  assert.deepEqual(
    received.map(({ url, body }) => [url, Object.fromEntries(new URLSearchParams(body))]),
    [
      [`/v1/Conversations/${conversation}/Messages`, { Body: 'héllo & so on' }],
      [`/v1/Conversations/${conversation}/Messages`, { Author: 'Ann', Body: 'hi' }],
    ],
  )
  assert.equal(
    received[0]?.headers.authorization,
    `Basic ${Buffer.from(`${accountSid}:secret`).toString('base64')}`,
  )
})

test('a message that answers no one goes from the bot’s messaging service, or else its number', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) =>
    response.end('{"sid":"SM7"}'),
  )
  const bare = { ...message, conversation: '+15552223333' }
  const messagingServiceSid = `MG${'1'.repeat(32)}`

  await sendTwilio(bare, { ...credentials, apiRoot: origin, from: '+1', messagingServiceSid }, options)
  await sendTwilio(bare, { ...credentials, apiRoot: origin, from: '+1' }, options)
  const nobody = await sendTwilio(bare, { ...credentials, apiRoot: origin }, options)

  const senders = received.map(({ body }) => new URLSearchParams(body))
  assert.deepEqual(
    [senders[0]?.get('MessagingServiceSid'), senders[0]?.get('From')],
    [messagingServiceSid, null],
  )
  assert.equal(senders[1]?.get('From'), '+1')
  assert.deepEqual(nobody, {
    status: 'failed',
    blame: 'message',
    reason: 'not sent: the bot has neither from nor messagingServiceSid',
    shown: false,
  })
})

test('each answer is what Twilio means by it', async t => {
  let next: [number, object] = [500, {}]
  const { origin, options } = await localServer(t, (_request, response) =>
    response.writeHead(next[0]).end(JSON.stringify(next[1])),
  )
  const failed = (blame: string, status: number, code: number) => ({
    status: 'failed',
    blame,
    reason: `answered ${status}: code ${code}`,
  })
  const cases: [number, object, object][] = [
    [200, {}, { status: 'uncertain', reason: 'answered 200, but not as Twilio does' }],
    [400, { code: 21610 }, failed('recipient', 400, 21610)],
    [400, { code: 21211 }, failed('recipient', 400, 21211)],
    [401, { code: 20003 }, failed('credentials', 401, 20003)],
    [401, {}, { status: 'failed', blame: 'credentials', reason: 'answered 401' }],
    [404, { code: 20404 }, failed('credentials', 404, 20404)],
    [400, { code: 21617, message: 'the text of a user' }, failed('message', 400, 21617)],
    [302, {}, { status: 'failed', blame: 'message', reason: 'answered 302' }],
    [503, {}, { status: 'retry', afterMs: undefined, counts: true, reason: 'answered 503' }],
    [
      400,
      { code: 21611 },
      {
        status: 'retry',
        afterMs: 60_000,
        counts: false,
        reason: 'answered 400: code 21611',
        pauses: [{ name: 'from:+15550001111', ms: 60_000 }],
      },
    ],
  ]
  for (const [status, body, expected] of cases) {
    next = [status, body]

    assert.deepEqual(await sendTwilio(message, { ...credentials, apiRoot: origin }, options), expected)
  }
})

test('429 pauses the account for a second or two, as no time is named', async t => {
  const { origin, options } = await localServer(t, (_request, response) =>
    response.writeHead(429).end('{"code":20429}'),
  )

  const result = await sendTwilio(message, { ...credentials, apiRoot: origin }, options)

  assert.ok(result.status === 'retry' && !result.counts && result.afterMs !== undefined)
  assert.ok(result.afterMs >= 1000 && result.afterMs <= 2000, String(result.afterMs))
  assert.deepEqual(result.pauses, [{ name: 'account', ms: result.afterMs }])
})

test('edits and typing do not exist', async t => {
  const { received, options } = await localServer(t, (_request, response) => response.end())
  for (const action of ['edit', 'typing'] as const) {
    const result = await sendTwilio({ ...message, action }, credentials, options)

    assert.ok(result.status === 'failed' && result.blame === 'message')
  }
  assert.equal(received.length, 0)
})

test('a broadcast waits for one segment a second of a long code; a reply only takes from it', () => {
  const rateOf = (text: string, bulk: boolean, conversation = message.conversation) => {
    const [rate] = limitsTwilio({ conversation, text }, {}, {}, bulk)
    assert.ok(rate?.kind === 'rate')
    return { name: rate.name, perSecond: (rate.count * 1000) / rate.periodMs, waits: rate.waits }
  }

  assert.deepEqual(rateOf('short', true), { name: 'bot', perSecond: 0.96, waits: true })
  assert.deepEqual(rateOf('x'.repeat(161), true), { name: 'bot', perSecond: 0.96 / 2, waits: true })
  assert.deepEqual(rateOf('short', false), { name: 'bot', perSecond: 0.96, waits: false })
  assert.equal(rateOf('short', true, 'whatsapp:+1/whatsapp:+2').perSecond, 80 * 0.96)
})

test('segments are counted as GSM counts: extension characters twice, anything else in UTF-16', () => {
  assert.equal(smsSegments(''), 1)
  assert.equal(smsSegments('x'.repeat(160)), 1)
  assert.equal(smsSegments('x'.repeat(161)), 2)
  assert.equal(smsSegments('€'.repeat(80)), 1)
  assert.equal(smsSegments('€'.repeat(81)), 2)
  assert.equal(smsSegments('ж'.repeat(70)), 1)
  assert.equal(smsSegments('ж'.repeat(71)), 2)
  assert.equal(smsSegments('👋'.repeat(36)), 2)
})
