import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { type TestContext, test } from 'node:test'
import type { OutboundMessage } from '@botyard/queue-contracts'
import { adapters } from '../../src/index.ts'
import { limitsOfTeams } from '../../src/teams/limits.ts'
import { serviceUrlOf } from '../../src/teams/service-url.ts'
import { localServer, type Received } from '../http/local-server.ts'

const message: OutboundMessage = {
  id: '9.0',
  bot: 'b',
  platform: 'teams',
  conversation: '19:c@thread.tacv2;messageid=1',
  receivedAtMs: 0,
}
const path = '/api/v3/conversations/19%3Ac%40thread.tacv2%3Bmessageid%3D1/activities'
let apps = 0

type Reply = [status: number, body?: unknown, headers?: Record<string, string>]

/** Microsoft's token endpoint and service in one; every bot is another, so that none has a token yet. */
async function connector(
  t: TestContext,
  reply: (request: Received) => Reply,
  token: (n: number) => Reply = granted,
) {
  let tokens = 0
  const { origin, received, options } = await localServer(t, (request, response: ServerResponse) => {
    const isLogin = request.url.startsWith('/login')
    const [status, body = '', headers = {}] = isLogin ? token(++tokens) : reply(request)
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  const appId = `11111111-2222-3333-4444-${String(++apps).padStart(12, '0')}`
  const credentials = { appId, appPassword: 'p&ss', loginUrl: `${origin}/login`, apiRoot: `${origin}/api/` }
  const send = (change: Partial<OutboundMessage>, more: object = {}) =>
    adapters.teams.send({ ...message, ...change }, { ...credentials, ...more }, options)
  const calls = () => received.filter(({ url }) => url.startsWith('/api'))
  const logins = () => received.filter(({ url }) => url.startsWith('/login'))
  return { send, calls, logins, appId }
}

function granted(n: number): Reply {
  return [200, { access_token: `token-${n}`, expires_in: 3600, token_type: 'Bearer' }]
}

test('a reply is an activity in the conversation, under a token that is fetched once', async t => {
  const { send, calls, logins, appId } = await connector(t, () => [201, { id: '42' }])

  assert.deepEqual(await send({ text: 'hello' }), { status: 'sent', messageId: '42' })
  await Promise.all([send({ native: { attachments: [] } }), send({ action: 'typing' })])

  assert.deepEqual(
    calls().map(({ url }) => url),
    [path, path, path],
  )
  assert.deepEqual(
    new Set(calls().map(({ body }) => body)),
    new Set([
      '{"type":"message","text":"hello","textFormat":"plain"}',
      '{"type":"message","attachments":[]}',
      '{"type":"typing"}',
    ]),
  )
  assert.equal(calls()[0]?.headers.authorization, 'Bearer token-1')
  assert.equal(logins().length, 1)
  assert.equal(logins()[0]?.url, '/login/botframework.com/oauth2/v2.0/token')
  assert.deepEqual(Object.fromEntries(new URLSearchParams(logins()[0]?.body)), {
    grant_type: 'client_credentials',
    client_id: appId,
    client_secret: 'p&ss',
    scope: 'https://api.botframework.com/.default',
  })
})

test('an app of one tenant has its tokens from that tenant', async t => {
  const { send, logins } = await connector(t, () => [200, {}])

  await send({ text: 'a' }, { tenantId: 'contoso.example' })

  assert.equal(logins()[0]?.url, '/login/contoso.example/oauth2/v2.0/token')
})

test('an edit is put in the place of the named activity, or of the one whose card was used', async t => {
  const { send, calls } = await connector(t, () => [200, { id: '5' }])

  await send({ action: 'edit', text: 'new', message: '5' })
  await send({ action: 'edit', native: { attachments: [] }, route: { message: '6' } })
  const unnamed = await send({ action: 'edit', text: 'new' })

  assert.deepEqual(
    calls().map(({ url }) => url),
    [`${path}/5`, `${path}/6`],
  )
  assert.deepEqual(unnamed, {
    status: 'failed',
    blame: 'message',
    reason: 'not sent: name the message to edit by the id of its activity',
    shown: false,
  })
})

test('answers: pauses and what Teams wants tried again, who is to blame for the rest', async t => {
  let next: Reply = [200]
  const { send } = await connector(t, () => next)
  const refused = (code: string) => ({ error: { code, message: 'private words' } })
  const retry = (status: number, counts: boolean, afterMs?: number) => ({
    status: 'retry',
    afterMs,
    counts,
    reason: `answered ${status}`,
  })
  for (const [reply, expected] of [
    [[202], { status: 'sent' }],
    [[429, '', { 'retry-after': '3' }], retry(429, false, 3000)],
    [[429], retry(429, false)],
    [[412], retry(412, true)],
    [[502], retry(502, true)],
    [[504], retry(504, true)],
    [[400, refused('BadSyntax')], { status: 'failed', blame: 'message', reason: 'answered 400 BadSyntax' }],
    [
      [403, refused('BotNotInConversationRoster')],
      { status: 'failed', blame: 'recipient', reason: 'answered 403 BotNotInConversationRoster' },
    ],
    [
      [404, refused('ConversationNotFound')],
      { status: 'failed', blame: 'recipient', reason: 'answered 404 ConversationNotFound' },
    ],
    [[307, '', { location: '/api/else' }], { status: 'failed', blame: 'message', reason: 'answered 307' }],
  ] as [Reply, object][]) {
    next = reply

    assert.deepEqual(await send({ text: 'a' }), expected)
  }
})

test('a token that is refused is fetched anew, once; refused again it is the credentials', async t => {
  const withdrawn = await connector(t, ({ headers }) => [
    headers.authorization === 'Bearer token-1' ? 401 : 201,
  ])
  await withdrawn.send({ text: 'a' })
  const gone = await connector(t, () => [401])

  assert.deepEqual(await withdrawn.send({ text: 'b' }), { status: 'sent' })
  assert.deepEqual(await gone.send({ text: 'a' }), {
    status: 'failed',
    blame: 'credentials',
    reason: 'answered 401',
  })
  assert.equal(withdrawn.logins().length, 2)
})

test('without a token nothing was sent: a refused secret is the credentials, all else is tried again', async t => {
  const refused: Reply = [401, { error: 'invalid_client', error_description: 'private words' }]
  for (const [token, expected] of [
    [refused, { status: 'failed', blame: 'credentials', reason: 'no token: answered 401 invalid_client' }],
    [
      [429, '', { 'retry-after': '5' }],
      { status: 'retry', afterMs: 5000, counts: false, reason: 'no token: answered 429' },
    ],
    [[503], { status: 'retry', afterMs: undefined, counts: true, reason: 'no token: answered 503' }],
    [
      [200, '<html>'],
      { status: 'retry', afterMs: undefined, counts: true, reason: 'no token: answered 200' },
    ],
  ] as [Reply, object][]) {
    const { send, calls } = await connector(
      t,
      () => [201],
      () => token,
    )

    assert.deepEqual(await send({ text: 'a' }), expected)
    assert.deepEqual(calls(), [])
  }
})

test('what names no conversation is not sent', async t => {
  const { send, logins } = await connector(t, () => [201])

  for (const conversation of ['bot', 'user:29:1', 'tenant:t']) {
    assert.equal((await send({ conversation, text: 'a' })).status, 'failed')
  }
  assert.deepEqual(logins(), [])
})

test('a token goes to Microsoft’s own hosts alone, by https, unless the bot has an address of its own', () => {
  for (const [given, expected] of [
    ['https://smba.trafficmanager.net/amer/a1b2/', 'https://smba.trafficmanager.net/amer/a1b2'],
    ['https://webchat.botframework.com/', 'https://webchat.botframework.com'],
    ['https://smba.infra.gov.teams.microsoft.us/x', 'https://smba.infra.gov.teams.microsoft.us/x'],
    [undefined, 'https://smba.trafficmanager.net/teams'],
    ['http://smba.trafficmanager.net/amer/', undefined],
    ['https://smba.trafficmanager.net.evil.example/', undefined],
    ['https://evil.example/smba.trafficmanager.net', undefined],
    ['https://user@smba.trafficmanager.net/', undefined],
    ['https://smba.trafficmanager.net:8443/', undefined],
    ['https://smba.trafficmanager.net/?x=/', undefined],
    ['https://evilbotframework.com/', undefined],
    ['no url', undefined],
  ]) {
    assert.equal(serviceUrlOf(given, {}), expected, given)
  }
  assert.equal(serviceUrlOf('https://evil.example', { apiRoot: 'http://127.0.0.1:1/' }), 'http://127.0.0.1:1')
})

test('the two rates of a conversation keep all four of Teams’ limits, and use 97 % of the hour’s', () => {
  const rates = limitsOfTeams(message, undefined, {}, false).filter(
    limit => limit.kind === 'rate' && limit.waits,
  )
  const max = (seconds: number) =>
    Math.min(
      ...rates.map(rate =>
        rate.kind === 'rate' ? rate.burst + Math.floor((rate.count * seconds * 1000) / rate.periodMs) : 0,
      ),
    )

  for (const [seconds, allowed] of [
    [1, 7],
    [2, 8],
    [30, 60],
    [3600, 1800],
  ] as const) {
    assert.ok(max(seconds) <= allowed, `${max(seconds)} in ${seconds} s`)
  }
  assert.ok(max(3600) >= 1800 * 0.97)
})

test('the bot’s own settings go before; typing waits for nothing; a broadcast stays under the tenant’s rate', () => {
  const limitsOf = (settings: object, bulk = false, change: Partial<OutboundMessage> = {}) =>
    limitsOfTeams({ ...message, tenant: 't', ...change }, undefined, settings, bulk).map(limit => [
      limit.name.split(':')[0],
      limit.kind === 'rate' && limit.waits,
    ])

  assert.deepEqual(limitsOf({}), [
    ['tenant', false],
    ['chat', true],
    ['hour', true],
  ])
  assert.deepEqual(limitsOf({}, true)[0], ['tenant', true])
  assert.deepEqual(limitsOf({ perSecond: 5, perChatPerSecond: 1 }), [
    ['bot', true],
    ['chat', true],
  ])
  assert.deepEqual(limitsOf({ perSecond: null, perChatPerSecond: null }), [])
  assert.ok(limitsOf({}, false, { action: 'typing' }).every(([, waits]) => waits === false))
})

test('a plain text is sent as plain, new or instead of an old one, so that lines and marks are kept', async t => {
  const { send, calls } = await connector(t, () => [200, { id: '5' }])
  const text = 'First line.\nSecond line: my_file_name_v2 *'

  await send({ text })
  await send({ action: 'edit', text, message: '5' })
  await send({ native: { text } })

  assert.deepEqual(
    calls().map(({ body }) => JSON.parse(body)),
    [
      { type: 'message', text, textFormat: 'plain' },
      { type: 'message', text, textFormat: 'plain' },
      { type: 'message', text },
    ],
  )
})

test('a message for one person’s eyes alone is sent, and edited, as such', async t => {
  const { send, calls } = await connector(t, () => [200, { id: '5' }])
  const native = { text: 'psst', recipient: { id: '29:ann', isTargeted: true } }

  await send({ native })
  await send({ action: 'edit', native, message: '5' })

  assert.deepEqual(
    calls().map(({ url }) => url),
    [`${path}?isTargetedActivity=true`, `${path}/5?isTargetedActivity=true`],
  )
})
