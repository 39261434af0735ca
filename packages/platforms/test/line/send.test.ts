import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { OutboundMessage } from '@botyard/queue-contracts'
import { adapters, type SendResult } from '../../src/index.ts'
import { localServer } from '../http/local-server.ts'

const message: OutboundMessage = {
  id: '01H810YECXQQZ37VAXPF6H9E00.0',
  bot: 'shop',
  platform: 'line',
  conversation: 'U4af4980629',
  text: 'héllo',
  receivedAtMs: 0,
}
const sent = { sentMessages: [{ id: '461230966842064897', quoteToken: 'x' }] }
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

interface LineAnswer {
  status: number
  body?: object
  /** The connection ends without an answer. */
  dies?: boolean
}

/** LINE as far as a send sees it; each endpoint answers what the test holds for it. */
async function lineServer(t: TestContext, answers: Partial<Record<'reply' | 'push' | 'start', LineAnswer>>) {
  const { origin, received, options } = await localServer(t, ({ url }, response) => {
    const answer = answers[url.split('/').at(-1) as keyof typeof answers] ?? { status: 500 }
    if (answer.dies) response.destroy()
    else response.writeHead(answer.status).end(JSON.stringify(answer.body ?? {}))
  })
  const credentials = { channelSecret: '0'.repeat(32), channelAccessToken: 'a-token', apiRoot: origin }
  const send = (asked: Partial<OutboundMessage> = {}): Promise<SendResult> =>
    adapters.line.send({ ...message, ...asked }, credentials, options)
  return { received, send, paths: () => received.map(({ url }) => url.split('/').at(-1)) }
}

/** A reply to an update that has just come. */
function reply(id: string): Partial<OutboundMessage> {
  return { id: `${id}.0`, route: { replyToken: `token-of-${id}` }, receivedAtMs: Date.now() }
}

const invalidToken = { status: 400, body: { message: 'Invalid reply token' } }

test('the first reply goes by the token, the next ones are pushed under a key of their own', async t => {
  const { received, send, paths } = await lineServer(t, {
    reply: { status: 200, body: sent },
    push: { status: 200, body: sent },
  })

  assert.deepEqual(await send(reply('e1')), { status: 'sent', messageId: '461230966842064897' })
  await send({ ...reply('e1'), id: 'e1.1' })
  await send({ ...reply('e1'), id: 'e1.2' })
  await send({ ...reply('e1'), id: 'e1.2' })

  assert.deepEqual(paths(), ['reply', 'push', 'push', 'push'])
  const [first, second] = received.map(({ body }) => JSON.parse(body))
  const messages = [{ type: 'text', text: 'héllo' }]
  assert.deepEqual(first, { replyToken: 'token-of-e1', messages })
  assert.deepEqual(second, { to: 'U4af4980629', messages })
  const keys = received.map(({ headers }) => String(headers['x-line-retry-key']))
  assert.equal(keys[0], 'undefined')
  assert.match(keys[1]!, uuid)
  assert.notEqual(keys[1], keys[2])
  assert.equal(keys[2], keys[3])
  assert.equal(received[0]?.headers.authorization, 'Bearer a-token')
})

test('a token that is over a minute old is not tried, and one that LINE refuses is followed by a push', async t => {
  const { send, paths } = await lineServer(t, { reply: invalidToken, push: { status: 200, body: sent } })

  assert.equal((await send({ ...reply('e1'), receivedAtMs: Date.now() - 55_000 })).status, 'sent')
  assert.deepEqual(paths(), ['push'])
  assert.equal((await send(reply('e2'))).status, 'sent')
  assert.deepEqual(paths(), ['push', 'reply', 'push'])
})

for (const [what, lost] of [
  ['no answer', { status: 0, dies: true }],
  ['a 5xx', { status: 500 }],
] as const) {
  test(`after ${what} to a reply its token is tried again; refused as used, the message is out and nothing is pushed`, async t => {
    const answers: Parameters<typeof lineServer>[1] = { reply: lost }
    const { send, paths } = await lineServer(t, answers)
    const id = `lost ${what}`

    const first = await send(reply(id))
    answers.reply = {
      status: 429,
      body: { message: 'The API rate limit has been exceeded. Try again later.' },
    }
    const limited = await send(reply(id))
    answers.reply = invalidToken
    const second = await send(reply(id))

    assert.equal(first.status, 'dies' in lost ? 'uncertain' : 'retry')
    assert.equal(limited.status, 'retry')
    assert.deepEqual(second, { status: 'sent' })
    assert.deepEqual(paths(), ['reply', 'reply', 'reply'])
  })
}

test('native is a message, or a request body whose own receiver is pushed to', async t => {
  const { received, send, paths } = await lineServer(t, {
    reply: { status: 200, body: sent },
    push: { status: 200, body: sent },
  })
  const sticker = { type: 'sticker', packageId: '446', stickerId: '1988' }

  await send({ ...reply('e1'), native: sticker })
  await send({ ...reply('e2'), native: { messages: [sticker], notificationDisabled: true } })
  await send({ ...reply('e3'), native: { to: 'C1', messages: [sticker] } })

  assert.deepEqual(paths(), ['reply', 'reply', 'push'])
  assert.deepEqual(
    received.map(({ body }) => JSON.parse(body)),
    [
      { replyToken: 'token-of-e1', messages: [sticker] },
      { replyToken: 'token-of-e2', messages: [sticker], notificationDisabled: true },
      { to: 'C1', messages: [sticker] },
    ],
  )
})

test('what was joined goes by the token as it is, and is pushed as it is when the token is dead', async t => {
  const { received, send, paths } = await lineServer(t, {
    reply: invalidToken,
    push: { status: 200, body: sent },
  })
  const said = [
    { text: 'a' },
    { native: { type: 'sticker', packageId: '446', stickerId: '1988' } },
    { text: 'b' },
  ]
  const [joined, ...others] = adapters.line.join!(said)

  assert.equal((await send({ ...reply('e1'), ...joined })).status, 'sent')

  assert.deepEqual(others, [])
  assert.deepEqual(paths(), ['reply', 'push'])
  for (const { body } of received) assert.equal(JSON.parse(body).messages.length, 3)
})

test('typing is the loading animation of a chat with one user; groups, edits and standby are refused', async t => {
  const { received, send } = await lineServer(t, { start: { status: 202 } })

  assert.deepEqual(await send({ action: 'typing' }), { status: 'sent' })
  assert.equal(received[0]?.url, '/v2/bot/chat/loading/start')
  assert.deepEqual(JSON.parse(received[0].body), { chatId: 'U4af4980629', loadingSeconds: 20 })

  for (const asked of [
    { action: 'typing' as const, conversation: 'C1' },
    { action: 'edit' as const },
    { route: { mode: 'standby', replyToken: 'x' } },
    { conversation: 'bot' },
  ]) {
    const result = await send(asked)
    assert.equal(result.status === 'failed' && result.blame, 'message', JSON.stringify(asked))
  }
  assert.equal(received.length, 1)
})

test('answers to a push: had before is sent, a used-up month is final, a 429 pauses the endpoint', async t => {
  const failed = (blame: 'recipient' | 'message' | 'credentials', reason: string): SendResult => ({
    status: 'failed',
    blame,
    reason,
  })
  const cases: [number, object, SendResult][] = [
    [
      409,
      { message: 'The retry key is already accepted', ...sent },
      { status: 'sent', messageId: '461230966842064897' },
    ],
    [
      429,
      { message: 'The API rate limit has been exceeded. Try again later.' },
      {
        status: 'retry',
        afterMs: 1_000,
        counts: false,
        reason: 'answered 429: The API rate limit has been exceeded. Try again later.',
        pauses: [{ name: 'push', ms: 1_000 }],
      },
    ],
    [
      429,
      { message: 'You have reached your monthly limit.' },
      failed('message', 'answered 429: You have reached your monthly limit.'),
    ],
    [401, { message: 'Authentication failed' }, failed('credentials', 'answered 401: Authentication failed')],
    [
      400,
      { message: 'Failed to send messages' },
      failed('recipient', 'answered 400: Failed to send messages'),
    ],
    [413, {}, failed('message', 'answered 413')],
    [503, {}, { status: 'retry', afterMs: undefined, counts: true, reason: 'answered 503' }],
  ]
  const answers: Parameters<typeof lineServer>[1] = {}
  const { send } = await lineServer(t, answers)
  for (const [status, body, expected] of cases) {
    answers.push = { status, body }

    assert.deepEqual(await send(), expected)
  }
})

test('the token of a late redelivery, and the console’s made-up ones, are not kept', () => {
  const event = (token: string, isRedelivery: boolean) =>
    Buffer.from(
      JSON.stringify({
        events: [
          {
            type: 'follow',
            replyToken: token,
            timestamp: 1_700_000_000_000,
            deliveryContext: { isRedelivery },
          },
        ],
      }),
    )
  const tokenOf = (token: string, isRedelivery: boolean, lateMs: number) => {
    const request = { method: 'POST', url: '', headers: {}, body: event(token, isRedelivery) }
    return adapters.line.normalise({ ...request, receivedAtMs: 1_700_000_000_000 + lateMs })[0]?.route
      ?.replyToken
  }

  assert.equal(tokenOf('t', true, 60_000), 't')
  assert.equal(tokenOf('t', true, 20 * 60_000), undefined)
  assert.equal(tokenOf('t', false, 20 * 60_000), 't')
  assert.equal(tokenOf('0'.repeat(32), false, 0), undefined)
  assert.equal(tokenOf('f'.repeat(32), false, 0), undefined)
})
