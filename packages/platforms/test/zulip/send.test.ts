import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutboundMessage } from '@botyard/queue-contracts'
import { sendZulip } from '../../src/zulip/send.ts'
import { localServer } from '../http/local-server.ts'

const credentials = { botEmail: 'bot@chat.example', apiKey: 'key' }
const message: OutboundMessage = {
  id: '1.0',
  bot: 'b',
  platform: 'zulip',
  conversation: '7/a/b & c',
  text: 'héllo',
  receivedAtMs: 0,
}

function fields(body: string | undefined) {
  return Object.fromEntries(new URLSearchParams(body))
}

test('a reply goes into the topic as a form, with the bot’s address and key', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) =>
    response.end('{"result":"success","msg":"","id":42}'),
  )

  const result = await sendZulip(message, { ...credentials, apiRoot: `${origin}/` }, options)

  assert.deepEqual(result, { status: 'sent', messageId: '42' })
  const [call] = received
  assert.equal(call?.url, '/api/v1/messages')
  assert.equal(call.headers.authorization, `Basic ${Buffer.from('bot@chat.example:key').toString('base64')}`)
  assert.deepEqual(fields(call.body), { type: 'stream', to: '7', topic: 'a/b & c', content: 'héllo' })
})

test('direct messages, edits, typing and native messages go where Zulip has them', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) =>
    response.end('{"result":"success"}'),
  )
  const send = (change: Partial<OutboundMessage>) =>
    sendZulip({ ...message, ...change }, { ...credentials, apiRoot: origin }, options)

  await send({ conversation: 'dm:9,25' })
  await send({ conversation: '7' })
  await send({ action: 'edit', message: '42' })
  await send({ action: 'typing' })
  await send({ action: 'typing', conversation: 'dm:9,25' })
  await send({ native: { content: 'x', topic: 'other', read_by_sender: true } })

  assert.deepEqual(
    received.map(({ url, body }) => [url, fields(body)]),
    [
      ['/api/v1/messages', { type: 'direct', to: '[9,25]', content: 'héllo' }],
      ['/api/v1/messages', { type: 'stream', to: '7', topic: '(no topic)', content: 'héllo' }],
      ['/api/v1/messages/42', { content: 'héllo' }],
      ['/api/v1/typing', { op: 'start', type: 'stream', stream_id: '7', topic: 'a/b & c' }],
      ['/api/v1/typing', { op: 'start', type: 'direct', to: '[9,25]' }],
      ['/api/v1/messages', { type: 'stream', to: '7', topic: 'other', content: 'x', read_by_sender: 'true' }],
    ],
  )
})

test('each answer is what Zulip means by it', async t => {
  let next: [number, Record<string, string>, object | string] = [500, {}, '']
  const { origin, options } = await localServer(t, (_request, response) =>
    response.writeHead(next[0], next[1]).end(typeof next[2] === 'string' ? next[2] : JSON.stringify(next[2])),
  )
  const failed = (blame: string, reason: string) => ({ status: 'failed', blame, reason })
  const error = (code: string, more = {}) => ({ result: 'error', msg: 'a text of a user', code, ...more })
  const paused = (ms: number, reason: string) => ({
    status: 'retry',
    afterMs: ms,
    counts: false,
    reason,
    pauses: [{ name: 'token', ms }],
  })
  const cases: [number, Record<string, string>, object | string, object][] = [
    [200, {}, '<html>', { status: 'uncertain', reason: 'answered 200, but not as Zulip does' }],
    [400, {}, error('BAD_REQUEST'), failed('message', 'answered 400: BAD_REQUEST')],
    [400, {}, error('STREAM_DOES_NOT_EXIST'), failed('recipient', 'answered 400: STREAM_DOES_NOT_EXIST')],
    [401, {}, error('UNAUTHORIZED'), failed('credentials', 'answered 401: UNAUTHORIZED')],
    [401, {}, '', failed('credentials', 'answered 401')],
    [403, {}, error('USER_DEACTIVATED'), failed('credentials', 'answered 403: USER_DEACTIVATED')],
    [
      429,
      {},
      error('RATE_LIMIT_HIT', { 'retry-after': 28.706 }),
      paused(28_706, 'answered 429: RATE_LIMIT_HIT'),
    ],
    [429, { 'retry-after': '2' }, '', paused(2000, 'answered 429')],
    [502, {}, '', { status: 'retry', afterMs: undefined, counts: true, reason: 'answered 502' }],
  ]
  for (const [status, headers, body, expected] of cases) {
    next = [status, headers, body]

    assert.deepEqual(
      await sendZulip(message, { ...credentials, apiRoot: origin }, options),
      expected,
      String(status),
    )
  }
})

test('what has no one to answer, no account or no message to edit is final, and never leaves', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) => response.end())
  for (const change of [
    { conversation: 'bot' },
    { conversation: 'x/y' },
    { action: 'edit' as const, message: '1/x' },
  ]) {
    const result = await sendZulip({ ...message, ...change }, { ...credentials, apiRoot: origin }, options)

    assert.ok(result.status === 'failed' && result.blame === 'message', JSON.stringify(change))
  }
  const mute = await sendZulip(message, {}, options)
  assert.deepEqual(mute, {
    status: 'failed',
    blame: 'message',
    reason: 'not sent: the bot has no botEmail, apiKey and apiRoot',
    shown: false,
  })
  assert.equal(received.length, 0)
})
