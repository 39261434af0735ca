import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { OutboundMessage } from '@botyard/queue-contracts'
import { exportPKCS8, generateKeyPair, jwtVerify } from 'jose'
import { limitsOfGoogleChat } from '../../src/google-chat/limits.ts'
import { adapters } from '../../src/index.ts'
import { localServer } from '../http/local-server.ts'

const message: OutboundMessage = {
  id: '9.0',
  bot: 'b',
  platform: 'google-chat',
  conversation: 'spaces/A',
  receivedAtMs: 0,
}

type Reply = [status: number, body?: object | string, headers?: Record<string, string>]

/** Google's token endpoint and its API in one, and a service account of its own. */
async function google(t: TestContext, reply: () => Reply) {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const { origin, received, options } = await localServer(t, ({ url }, response) => {
    const token: Reply = [200, { access_token: 'an-access-token', expires_in: 3599 }]
    const [status, body = {}, headers = {}] = url === '/token' ? token : reply()
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  const serviceAccount = {
    client_email: 'bot@project.iam.gserviceaccount.com',
    private_key: await exportPKCS8(privateKey),
  }
  const credentials = { audience: '123456', tokenUrl: `${origin}/token`, apiRoot: origin, serviceAccount }
  const send = (change: Partial<OutboundMessage>, more: object = {}) =>
    adapters['google-chat'].send({ ...message, ...change }, { ...credentials, ...more }, options)
  const calls = () => received.filter(({ url }) => url !== '/token')
  return { send, calls, received, origin, publicKey }
}

test('a message is created in the space and thread, under a token that the service account’s own key asked for', async t => {
  const { send, calls, received, origin, publicKey } = await google(t, () => [
    200,
    { name: 'spaces/A/messages/B' },
  ])

  const result = await send({ text: 'hello', route: { thread: 'spaces/A/threads/T' } })
  await send({ native: { cardsV2: [] } })

  assert.deepEqual(result, { status: 'sent', messageId: 'spaces/A/messages/B' })
  const [first, second] = calls()
  assert.match(first?.url ?? '', /^\/v1\/spaces\/A\/messages\?requestId=[0-9a-f-]{36}&messageReplyOption=/)
  assert.equal(first?.headers.authorization, 'Bearer an-access-token')
  assert.deepEqual(JSON.parse(first?.body ?? ''), { thread: { name: 'spaces/A/threads/T' }, text: 'hello' })
  assert.deepEqual(JSON.parse(second?.body ?? ''), { cardsV2: [] })

  const [login, ...more] = received.filter(({ url }) => url === '/token')
  assert.deepEqual(more, [])
  const assertion = new URLSearchParams(login?.body).get('assertion') ?? ''
  const { payload } = await jwtVerify(assertion, publicKey, { audience: `${origin}/token` })
  assert.equal(payload.iss, 'bot@project.iam.gserviceaccount.com')
  assert.equal(payload.scope, 'https://www.googleapis.com/auth/chat.bot')
})

test('a message that is sent again has its request id, another one another', async t => {
  const { send, calls } = await google(t, () => [200])

  for (const id of ['9.0', '9.0', '9.1']) await send({ id, text: 'a' })

  const [first, again, other] = calls().map(({ url }) =>
    new URL(url, 'http://x').searchParams.get('requestId'),
  )
  assert.match(first ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.equal(first, again)
  assert.notEqual(first, other)
})

test('an edit changes what it holds, of the named message or of the one whose card was used', async t => {
  const { send, calls } = await google(t, () => [200])

  await send({ action: 'edit', text: 'new', message: 'spaces/A/messages/B.C' })
  await send({ action: 'edit', text: 'new', message: 'B' })
  await send({
    action: 'edit',
    native: { cardsV2: [], text: 'x' },
    route: { message: 'spaces/A/messages/D' },
  })

  assert.deepEqual(
    calls().map(({ url }) => decodeURIComponent(url)),
    [
      '/v1/spaces/A/messages/B.C?updateMask=text',
      '/v1/spaces/A/messages/B?updateMask=text',
      '/v1/spaces/A/messages/D?updateMask=text,cards_v2',
    ],
  )
  for (const wrong of [
    {},
    { message: 'spaces/A/messages/../x' },
    { message: 'a?b' },
    { message: 'B', native: {} },
  ]) {
    const result = await send({ action: 'edit', ...(!('native' in wrong) && { text: 'a' }), ...wrong })

    assert.ok(result.status === 'failed' && result.blame === 'message')
  }
  assert.equal(calls().length, 3)
})

test('answers: pauses, errors, and who is to blame', async t => {
  let next: Reply = [200]
  const { send } = await google(t, () => next)
  const refused = (status: string) => ({ error: { status, message: 'private words' } })
  for (const [reply, expected] of [
    [[200], { status: 'sent' }],
    [
      [429, refused('RESOURCE_EXHAUSTED')],
      { status: 'retry', counts: false, reason: 'answered 429 RESOURCE_EXHAUSTED' },
    ],
    [[503], { status: 'retry', counts: true, reason: 'answered 503' }],
    [
      [400, refused('INVALID_ARGUMENT')],
      { status: 'failed', blame: 'message', reason: 'answered 400 INVALID_ARGUMENT' },
    ],
    [[401], { status: 'failed', blame: 'credentials', reason: 'answered 401' }],
    [
      [403, refused('PERMISSION_DENIED')],
      { status: 'failed', blame: 'recipient', reason: 'answered 403 PERMISSION_DENIED' },
    ],
    [[404], { status: 'failed', blame: 'recipient', reason: 'answered 404' }],
  ] as [Reply, { status: string }][]) {
    next = reply
    const retry = expected.status === 'retry' && { afterMs: undefined }

    assert.deepEqual(await send({ text: 'a' }), { ...expected, ...retry })
  }
})

test('without a service account, with a key that is none, or without a space nothing is sent', async t => {
  const { send, received } = await google(t, () => [200])
  const broken = { client_email: 'a@b.example', private_key: 'no key' }

  assert.deepEqual(await send({ text: 'a' }, { serviceAccount: undefined }), {
    status: 'failed',
    blame: 'message',
    reason: 'not sent: the bot has no serviceAccount',
    shown: false,
  })
  assert.deepEqual(await send({ text: 'a' }, { serviceAccount: broken }), {
    status: 'failed',
    blame: 'credentials',
    reason: 'not sent: the key of the bot cannot be read',
  })
  for (const conversation of ['bot', 'user:users/1', 'spaces/A/../B']) {
    assert.equal((await send({ conversation, text: 'a' })).status, 'failed')
  }
  assert.deepEqual(received, [])
})

test('a space takes one a second and a little, replies too; a broadcast also stays under the project’s rate', () => {
  const limitsOf = (settings: object, bulk: boolean) =>
    limitsOfGoogleChat(message, undefined, settings, bulk).map(
      limit => limit.kind === 'rate' && [limit.name, limit.count, limit.periodMs, limit.waits],
    )

  assert.deepEqual(limitsOf({}, false), [
    ['bot', 48, 1000, false],
    ['chat:spaces/A', 1, 1150, true],
  ])
  assert.deepEqual(limitsOf({}, true)[0], ['bot', 48, 1000, true])
  assert.deepEqual(limitsOf({ perSecond: null, perChatPerSecond: null }, true), [])
})

test('a plain text is sent so that Chat shows it as it is written, and a native one with its own markup', async t => {
  const { send, calls } = await google(t, () => [200])

  await send({ text: '*all* <users/all>' })
  await send({ native: { text: '*all*' } })
  await send({ action: 'edit', text: 'a_b', message: 'B' })

  const [plain, native, edit] = calls()
  const markupSyntax = 'MARKUP_SYNTAX_MARKDOWN'
  assert.deepEqual(JSON.parse(plain?.body ?? ''), { text: '\\*all\\* \\<users/all>', markupSyntax })
  assert.deepEqual(JSON.parse(native?.body ?? ''), { text: '*all*' })
  assert.deepEqual(JSON.parse(edit?.body ?? ''), { text: 'a\\_b', markupSyntax })
  assert.equal(new URL(edit?.url ?? '', 'http://x').searchParams.get('updateMask'), 'text')
})

test('what one user alone saw is answered for this user alone', async t => {
  const { send, calls } = await google(t, () => [200])

  await send({ text: 'a', route: { viewer: 'users/1' } })

  assert.deepEqual(JSON.parse(calls()[0]?.body ?? ''), {
    privateMessageViewer: { name: 'users/1' },
    text: 'a',
  })
})

test('the answer to a send tells who the app is', async t => {
  const { send } = await google(t, () => [200, { name: 'spaces/A/messages/B', sender: { name: 'users/9' } }])

  assert.deepEqual(await send({ text: 'a' }), {
    status: 'sent',
    messageId: 'spaces/A/messages/B',
    self: { user: 'users/9' },
  })
})
