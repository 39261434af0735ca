import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutboundMessage } from '@botyard/queue-contracts'
import { sendMattermost } from '../../src/mattermost/send.ts'
import { localServer } from '../http/local-server.ts'

const botToken = 'bot-token'
const message: OutboundMessage = {
  id: '1.0',
  bot: 'b',
  platform: 'mattermost',
  conversation: 'team1/channel1',
  text: 'héllo',
  receivedAtMs: 0,
}

test('a reply is a post in the channel, and its pending id is the same however often it is sent', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) =>
    response.writeHead(201).end('{"id":"post1"}'),
  )

  const result = await sendMattermost(message, { url: `${origin}/`, botToken }, options)
  await sendMattermost(message, { url: origin, botToken }, options)
  await sendMattermost({ ...message, id: '2.0' }, { url: origin, botToken }, options)

  assert.deepEqual(result, { status: 'sent', messageId: 'post1' })
  const [first, second, other] = received.map(({ body }) => JSON.parse(body))
  assert.equal(received[0]?.url, '/api/v4/posts')
  assert.equal(received[0]?.headers.authorization, 'Bearer bot-token')
  assert.deepEqual(
    { ...first, pending_post_id: '' },
    { channel_id: 'channel1', message: 'héllo', pending_post_id: '' },
  )
  assert.deepEqual(second, first)
  assert.notEqual(other.pending_post_id, first.pending_post_id)
})

test('edits, typing and native posts go where Mattermost has them', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) =>
    response.end('{"id":"post1"}'),
  )
  const send = (change: Partial<OutboundMessage>) =>
    sendMattermost({ ...message, ...change }, { url: origin, botToken }, options)

  await send({ action: 'edit', message: 'post1' })
  const typing = await send({ action: 'typing' })
  await send({ native: { message: 'x', props: { attachments: [] }, channel_id: 'other' } })
  await send({ conversation: 'channel2' })

  const calls = received.map(({ url, body }) => [url, JSON.parse(body)])
  assert.deepEqual(calls[0], ['/api/v4/posts/post1/patch', { message: 'héllo' }])
  assert.deepEqual(calls[1], ['/api/v4/users/me/typing', { channel_id: 'channel1' }])
  assert.deepEqual(typing, { status: 'sent' })
  assert.equal(calls[2]?.[1].channel_id, 'other')
  assert.deepEqual(calls[2]?.[1].props, { attachments: [] })
  assert.equal(calls[3]?.[1].channel_id, 'channel2')
})

test('each answer is what Mattermost means by it', async t => {
  let next: [number, Record<string, string>, string] = [500, {}, '']
  const { origin, options } = await localServer(t, (_request, response) =>
    response.writeHead(next[0], next[1]).end(next[2]),
  )
  const failed = (blame: string, reason: string) => ({ status: 'failed', blame, reason })
  const paused = (ms: number) => ({
    status: 'retry',
    afterMs: ms,
    counts: false,
    reason: 'answered 429',
    pauses: [{ name: 'token', ms }],
  })
  const cases: [number, Record<string, string>, string, object][] = [
    [200, {}, '<html>', { status: 'uncertain', reason: 'answered 200, but not as Mattermost does' }],
    [
      400,
      {},
      '{"id":"model.post.is_valid.msg.app_error"}',
      failed('message', 'answered 400: model.post.is_valid.msg.app_error'),
    ],
    [400, {}, '{"id":"a text of a user"}', failed('message', 'answered 400')],
    [401, {}, '', failed('credentials', 'answered 401')],
    [403, {}, '', failed('recipient', 'answered 403')],
    [404, {}, '', failed('recipient', 'answered 404')],
    [429, { 'x-ratelimit-reset': '3' }, '', paused(3000)],
    [429, { 'retry-after': '5', 'x-ratelimit-reset': '3' }, '', paused(5000)],
    [429, {}, '', { status: 'retry', afterMs: undefined, counts: false, reason: 'answered 429' }],
    [503, {}, '', { status: 'retry', afterMs: undefined, counts: true, reason: 'answered 503' }],
  ]
  for (const [status, headers, body, expected] of cases) {
    next = [status, headers, body]

    assert.deepEqual(
      await sendMattermost(message, { url: origin, botToken }, options),
      expected,
      String(status),
    )
  }
})

test('what has no channel, no bot account or no post to edit is final, and never leaves', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) => response.end())
  for (const change of [
    { conversation: 'bot' },
    { conversation: 'user:u' },
    { conversation: 't/../x' },
    { action: 'edit' as const, message: '../x' },
  ]) {
    const result = await sendMattermost({ ...message, ...change }, { url: origin, botToken }, options)

    assert.ok(result.status === 'failed' && result.blame === 'message', JSON.stringify(change))
  }
  const mute = await sendMattermost(message, {}, options)
  assert.deepEqual(mute, {
    status: 'failed',
    blame: 'message',
    reason: 'not sent: the bot has no url and botToken',
    shown: false,
  })
  assert.equal(received.length, 0)
})
