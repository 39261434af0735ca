import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { adapters } from '../../src/index.ts'
import { localServer } from '../http/local-server.ts'

const secret = `whsec_${Buffer.from('a key of thirty-two bytes, exact').toString('base64')}`
const message = {
  id: 'evt 1.0',
  bot: 'b',
  platform: 'custom' as const,
  conversation: 'röom\u0000',
  text: 'héllo 👋',
  receivedAtMs: 0,
}

test('a reply is posted as JSON and signed so that the reference library takes it', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) =>
    response.writeHead(204).end(),
  )

  const result = await adapters.custom.send(message, { secret, replyUrl: `${origin}/replies?to=1` }, options)

  assert.deepEqual(result, { status: 'sent' })
  const [call] = received
  assert.ok(call)
  assert.equal(call.url, '/replies?to=1')
  assert.equal(call.headers['content-type'], 'application/json')
  const read = new Webhook(secret).verify(call.body, call.headers as Record<string, string>)
  assert.deepEqual(read, { id: 'evt 1.0', conversation: 'röom\u0000', text: 'héllo 👋' })
})

test('a native message, an edit and typing say so, and pass on as they are', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) => response.end())
  const { id, conversation, text, ...rest } = message
  const native = { card: [1, { deep: null }] }
  for (const change of [
    { native },
    { action: 'edit' as const, message: '7', text },
    { action: 'edit' as const, message: '7', native },
    { action: 'typing' as const },
  ]) {
    await adapters.custom.send(
      { ...rest, id, conversation, ...change },
      { secret, replyUrl: origin },
      options,
    )
  }

  assert.deepEqual(
    received.map(({ body }) => JSON.parse(body)),
    [
      { id, conversation, native },
      { id, conversation, action: 'edit', message: '7', text },
      { id, conversation, action: 'edit', message: '7', native },
      { id, conversation, action: 'typing' },
    ],
  )
})

test('the settings alone limit the channel: nothing is known of the other side', () => {
  const limitsOf = (settings: object) => adapters.custom.limits?.(message, { secret }, settings, true)

  assert.deepEqual(limitsOf({}), [])
  assert.deepEqual(limitsOf({ perSecond: null }), [])
  assert.deepEqual(limitsOf({ perSecond: 100, perChatPerSecond: 1 }), [
    { kind: 'rate', name: 'bot', count: 96, periodMs: 1000, burst: 4, waits: true },
    {
      kind: 'rate',
      name: `chat:${message.conversation}`,
      count: 0.96,
      periodMs: 1000,
      burst: 1,
      waits: true,
    },
  ])
})

test('the webhook-id is the message’s id, percent-encoded where a header could not hold it', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) => response.end())
  for (const id of ['evt_1.0', 'evt 1.0', 'é.0', 'a\nb.0']) {
    await adapters.custom.send({ ...message, id }, { secret, replyUrl: origin }, options)
  }

  assert.deepEqual(
    received.map(({ headers }) => headers['webhook-id']),
    ['evt_1.0', 'evt%201.0', '%C3%A9.0', 'a%0Ab.0'],
  )
})

test('statuses: 2xx sent, redirects and refusals final, 429 a pause, 5xx tried again as late as asked', async t => {
  const cases: [number, Record<string, string>, object][] = [
    [200, {}, { status: 'sent' }],
    [201, {}, { status: 'sent' }],
    [301, { location: '/x' }, { status: 'failed', blame: 'message', reason: 'answered 301' }],
    [410, {}, { status: 'failed', blame: 'message', reason: 'answered 410' }],
    [408, {}, { status: 'retry', afterMs: undefined, counts: true, reason: 'answered 408' }],
    [429, { 'retry-after': '2' }, { status: 'retry', afterMs: 2000, counts: false, reason: 'answered 429' }],
    [502, {}, { status: 'retry', afterMs: undefined, counts: true, reason: 'answered 502' }],
    [503, { 'retry-after': '9' }, { status: 'retry', afterMs: 9000, counts: true, reason: 'answered 503' }],
  ]
  let next: [number, Record<string, string>] = [500, {}]
  const { origin, received, options } = await localServer(t, (_request, response) =>
    response.writeHead(...next).end(),
  )
  for (const [status, headers, expected] of cases) {
    next = [status, headers]

    assert.deepEqual(await adapters.custom.send(message, { secret, replyUrl: origin }, options), expected)
  }
  assert.equal(received.length, cases.length)
})

test('a 2xx whose body breaks off is sent all the same: the body means nothing', async t => {
  const { origin, options } = await localServer(t, (_request, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('half', () => response.destroy())
  })

  assert.deepEqual(await adapters.custom.send(message, { secret, replyUrl: origin }, options), {
    status: 'sent',
  })
})

test('a bot without a replyUrl cannot reply: that is final', async t => {
  const { options } = await localServer(t, (_request, response) => response.end())

  const result = await adapters.custom.send(message, { secret }, options)

  assert.deepEqual(result, {
    status: 'failed',
    blame: 'message',
    reason: 'not sent: the bot has no replyUrl',
    shown: false,
  })
})
