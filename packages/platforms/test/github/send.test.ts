import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutboundMessage } from '@botyard/queue-contracts'
import { limitsGitHub } from '../../src/github/limits.ts'
import { sendGitHub } from '../../src/github/send.ts'
import { localServer } from '../http/local-server.ts'

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
    { route: { repository: 'o/r', discussion: '4', discussionNode: 'D"1' }, conversation: '7#4' },
    { route: { repository: 'o/r', issue: '4', thread: '1/x' } },
    { route: { repository: 'o/r', commit: '../x' } },
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
  assert.deepEqual(silent, {
    status: 'failed',
    blame: 'message',
    reason: 'not sent: the bot has no token',
    shown: false,
  })
  assert.equal(received.length, 0)
})

test('each answer is what GitHub means by it', async t => {
  let next: [number, Record<string, string>, string] = [500, {}, '']
  const { origin, options } = await localServer(t, (_request, response) =>
    response.writeHead(next[0], next[1]).end(next[2]),
  )
  const failed = (blame: string, status: number) => ({
    status: 'failed',
    blame,
    reason: `answered ${status}`,
  })
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

test('a reply goes into the thread of the review, an edit to the comment of it', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) => response.end('{"id":9}'))
  const inThread = { ...message, route: { repository: 'o/r', issue: '4', comment: '21', thread: '20' } }

  await sendGitHub(inThread, { token, apiRoot: origin }, options)
  await sendGitHub({ ...inThread, action: 'edit', message: '9' }, { token, apiRoot: origin }, options)

  assert.equal(received[0]?.url, '/repos/o/r/pulls/4/comments/20/replies')
  assert.equal(received[1]?.url, '/repos/o/r/pulls/comments/9')
})

test('what is about a commit is answered by a comment on the commit, at the line if it is at one', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) => response.end('{"id":9}'))
  const onCommit = { ...message, route: { repository: 'o/r', commit: 'abc123' } }
  const atLine = { ...message, route: { ...onCommit.route, path: 'a.ts', position: '4' } }

  await sendGitHub(onCommit, { token, apiRoot: origin }, options)
  await sendGitHub(atLine, { token, apiRoot: origin }, options)
  await sendGitHub({ ...onCommit, action: 'edit', message: '9' }, { token, apiRoot: origin }, options)

  assert.equal(received[0]?.url, '/repos/o/r/commits/abc123/comments')
  assert.deepEqual(JSON.parse(received[1]?.body ?? ''), { path: 'a.ts', position: 4, body: 'héllo' })
  assert.equal(received[2]?.url, '/repos/o/r/comments/9')
})

const discussion = { repository: 'o/r', discussion: '5', discussionNode: 'D_1' }
const made = {
  data: { addDiscussionComment: { comment: { id: 'DC_9', author: { login: 'x[bot]', databaseId: 6 } } } },
}

test('a discussion is answered by GraphQL, in the thread that the comment began or is in', async t => {
  const { origin, received, options } = await localServer(t, ({ body }, response) =>
    response.end(
      JSON.stringify(body.includes('replyTo{id}') ? { data: { node: { replyTo: { id: 'DC_1' } } } } : made),
    ),
  )
  const send = (route: Record<string, string>) =>
    sendGitHub({ ...message, route }, { token, apiRoot: `${origin}/api/v3` }, options)

  const result = await send(discussion)
  await send({ ...discussion, threadNode: 'DC_1' })
  await send({ ...discussion, replyNode: 'DC_2' })

  assert.deepEqual(result, { status: 'sent', messageId: 'DC_9', self: { user: '6', name: 'x[bot]' } })
  assert.deepEqual(new Set(received.map(({ url }) => url)), new Set(['/api/graphql']))
  assert.deepEqual(
    received.map(({ body }) => JSON.parse(body).variables),
    [
      { input: { discussionId: 'D_1', body: 'héllo' } },
      { input: { discussionId: 'D_1', replyToId: 'DC_1', body: 'héllo' } },
      { id: 'DC_2' },
      { input: { discussionId: 'D_1', replyToId: 'DC_1', body: 'héllo' } },
    ],
  )
})

test('an edit in a discussion names the comment by its GraphQL id', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) =>
    response.end('{"data":{"updateDiscussionComment":{"comment":{"id":"DC_9"}}}}'),
  )

  const edit = { ...message, action: 'edit' as const, message: 'DC_9', route: discussion }
  const result = await sendGitHub(edit, { token, apiRoot: origin }, options)

  assert.deepEqual(result, { status: 'sent', messageId: 'DC_9' })
  assert.deepEqual(JSON.parse(received[0]?.body ?? '').variables, {
    input: { commentId: 'DC_9', body: 'héllo' },
  })
})

test('GraphQL’s errors, which come with 200, are told apart', async t => {
  let body = ''
  const { origin, options } = await localServer(t, (_request, response) => response.end(body))
  const cases: [object, string][] = [
    [{ errors: [{ type: 'NOT_FOUND' }] }, 'failed recipient'],
    [{ errors: [{ type: 'FORBIDDEN' }], data: null }, 'failed recipient'],
    [{ errors: [{ type: 'UNPROCESSABLE' }] }, 'failed message'],
    [{ errors: [{ type: 'INSUFFICIENT_SCOPES' }] }, 'failed credentials'],
    [{ errors: [{ type: 'RATE_LIMITED' }] }, 'retry undefined'],
    [{ errors: [{ message: 'Something went wrong' }] }, 'uncertain undefined'],
    [{ data: {} }, 'uncertain undefined'],
  ]
  for (const [answer, expected] of cases) {
    body = JSON.stringify(answer)

    const result = await sendGitHub({ ...message, route: discussion }, { token, apiRoot: origin }, options)

    assert.equal(`${result.status} ${'blame' in result ? result.blame : undefined}`, expected, body)
  }
})

test('the answer to a comment tells who the bot is, by account and app', async t => {
  const answer = { id: 1, user: { id: 77, login: 'helper' }, performed_via_github_app: { id: 12 } }
  const { origin, options } = await localServer(t, (_request, response) =>
    response.writeHead(201).end(JSON.stringify(answer)),
  )

  const result = await sendGitHub(message, { token, apiRoot: origin }, options)

  assert.deepEqual(result.self, { user: '77', name: 'helper', app: '12' })
})
