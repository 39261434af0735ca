import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutboundMessage } from '@botyard/queue-contracts'
import { limitsGitHub } from '../../src/github/limits.ts'
import { sendGitHub } from '../../src/github/send.ts'
import { localServer } from '../local-server.ts'

const token = 'ghp_secret'
const message: OutboundMessage = {
  id: '1.0',
  bot: 'b',
  platform: 'github',
  conversation: '7#42',
  route: { event: 'issue_comment', repository: 'octo-org/hello.world', issue: '42' },
  text: 'héllo',
  receivedAtMs: 0,
}

test('a reply is a comment on the issue, with the token', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) =>
    response.writeHead(201).end('{"id":492700400,"body":"héllo"}'),
  )

  const result = await sendGitHub(message, { token, apiRoot: `${origin}/api/v3` }, options)

  assert.deepEqual(result, { status: 'sent', messageId: '492700400' })
  const [call] = received
  assert.equal(call?.url, '/api/v3/repos/octo-org/hello.world/issues/42/comments')
  assert.equal(call.headers.authorization, 'Bearer ghp_secret')
  assert.equal(call.headers['user-agent'], 'botyard')
  assert.deepEqual(JSON.parse(call.body), { body: 'héllo' })
})

test('an edit changes the comment, a native body goes as it is', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) => response.end('{"id":9}'))

  await sendGitHub({ ...message, action: 'edit', message: '9' }, { token, apiRoot: origin }, options)
  await sendGitHub({ ...message, native: { body: '**x**', extra: [1] } }, { token, apiRoot: origin }, options)

  assert.equal(received[0]?.url, '/repos/octo-org/hello.world/issues/comments/9')
  assert.deepEqual(JSON.parse(received[1]?.body ?? ''), { body: '**x**', extra: [1] })
})

test('a broadcast names issues as people do', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) => response.end('{"id":9}'))
  const { route: _route, ...bare } = message

  await sendGitHub({ ...bare, conversation: 'octo-org/hello#7' }, { token, apiRoot: origin }, options)

  assert.equal(received[0]?.url, '/repos/octo-org/hello/issues/7/comments')
})

test('what cannot be commented on is a final answer, and never leaves', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) => response.end())
  const cases: Partial<OutboundMessage>[] = [
    { route: { repository: 'o/r', discussion: '4' }, conversation: '7#4' },
    { route: { repository: 'o/r' }, conversation: '7' },
    { route: {}, conversation: 'org:1' },
    { route: { repository: '../..', issue: '1' } },
    { route: { repository: 'o/..', issue: '1' } },
    { route: { repository: 'o/r', issue: '1/../2' } },
    { action: 'typing' },
    { action: 'edit', message: '1/x' },
  ]
  for (const change of cases) {
    const result = await sendGitHub({ ...message, ...change }, { token, apiRoot: origin }, options)

    assert.ok(result.status === 'failed' && result.blame === 'message', JSON.stringify(change))
  }
  const silent = await sendGitHub(message, { apiRoot: origin }, options)
  assert.deepEqual(silent, { status: 'failed', blame: 'message', reason: 'not sent: the bot has no token' })
  assert.equal(received.length, 0)
})

test('each answer is what GitHub means by it', async t => {
  let next: [number, Record<string, string>, string] = [500, {}, '']
  const { origin, options } = await localServer(t, (_request, response) =>
    response.writeHead(next[0], next[1]).end(next[2]),
  )
  const failed = (blame: string, status: number) => ({ status: 'failed', blame, reason: `answered ${status}` })
  const limited = (status: number, ms: number) => ({
    status: 'retry',
    afterMs: ms,
    counts: false,
    reason: `answered ${status}`,
    pauses: [{ name: 'token', ms }],
  })
  const cases: [number, Record<string, string>, string, object][] = [
    [200, {}, '<html>', { status: 'uncertain', reason: 'answered 200, but not as GitHub does' }],
    [301, { location: '/x' }, '', failed('message', 301)],
    [401, {}, '', failed('credentials', 401)],
    [403, {}, '{"message":"Resource not accessible by integration"}', failed('recipient', 403)],
    [404, {}, '', failed('recipient', 404)],
    [410, {}, '', failed('recipient', 410)],
    [422, {}, '', failed('message', 422)],
    [429, {}, '', limited(429, 60_000)],
    [403, { 'retry-after': '7' }, '', limited(403, 7000)],
    [403, {}, '{"message":"You have exceeded a secondary rate limit."}', limited(403, 60_000)],
    [503, {}, '', { status: 'retry', afterMs: undefined, counts: true, reason: 'answered 503' }],
  ]
  for (const [status, headers, body, expected] of cases) {
    next = [status, headers, body]

    assert.deepEqual(await sendGitHub(message, { token, apiRoot: origin }, options), expected, String(status))
  }
})

test('an hour that is used up pauses the token until it ends, and every answer teaches what is left', async t => {
  const reset = Math.floor(Date.now() / 1000) + 600
  let next: [number, string] = [403, '0']
  const { origin, options } = await localServer(t, (_request, response) =>
    response
      .writeHead(next[0], { 'x-ratelimit-remaining': next[1], 'x-ratelimit-reset': String(reset) })
      .end('{"id":1}'),
  )

  const limited = await sendGitHub(message, { token, apiRoot: origin }, options)
  next = [201, '4999']
  const sent = await sendGitHub(message, { token, apiRoot: origin }, options)

  assert.ok(limited.status === 'retry' && limited.afterMs !== undefined && !limited.counts)
  assert.ok(limited.afterMs > 590_000 && limited.afterMs <= 600_000, String(limited.afterMs))
  assert.equal(limited.learned?.[0]?.remaining, 0)
  assert.equal(sent.learned?.[0]?.name, 'hour')
  assert.equal(sent.learned?.[0]?.remaining, 4999)
})

test('a broadcast stays under 80 comments a minute and 500 an hour, unless the bot’s settings say otherwise', () => {
  const ratesOf = (settings: object, bulk: boolean) =>
    limitsGitHub(message, {}, settings, bulk).flatMap(limit =>
      limit.kind === 'rate' ? [[limit.name, limit.count, limit.periodMs, limit.waits]] : [],
    )

  assert.deepEqual(ratesOf({}, true), [
    ['bot', 80 * 0.96, 60_000, true],
    ['bot:hour', 500 * 0.96, 3_600_000, true],
  ])
  assert.deepEqual(
    ratesOf({}, false).map(([, , , waits]) => waits),
    [false, false],
  )
  assert.deepEqual(ratesOf({ perSecond: 2 }, true), [['bot', 1.92, 1000, true]])
  assert.deepEqual(ratesOf({ perSecond: null }, true), [])
})
