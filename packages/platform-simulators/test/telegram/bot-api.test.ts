import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createLatch } from '@botyard/testkit'
import { Api, GrammyError, HttpError } from 'grammy'
import { startBotApi } from '../../src/index.ts'

test("grammY's client sends a message and gets it back as the official type", async t => {
  const { simulator, api } = await build(t)

  const message = await api.sendMessage(17, 'Hello 👋')

  assert.equal(message.text, 'Hello 👋')
  assert.equal(message.chat.id, 17)
  assert.equal(message.chat.type, 'private')
  assert.equal(message.from?.is_bot, true)
  assert.deepEqual(simulator.textsOf(17), ['Hello 👋'])
  assert.equal((await api.getMe()).username, 'echo_yard_bot')
})

test('messages are recorded per chat in the order they came', async t => {
  const { simulator, api } = await build(t)

  for (const [chat, text] of [
    [1, 'a'],
    [-1_001_234_567_890, 'b'],
    [1, 'c'],
  ] as const) {
    await api.sendMessage(chat, text)
  }

  assert.deepEqual(simulator.textsOf(1), ['a', 'c'])
  assert.deepEqual(simulator.textsOf(-1_001_234_567_890), ['b'])
  assert.deepEqual(
    simulator.calls.map(call => [call.method, call.chat, call.outcome]),
    [
      ['sendmessage', '1', 200],
      ['sendmessage', '-1001234567890', 200],
      ['sendmessage', '1', 200],
    ],
  )
})

test('a flood answer is a GrammyError with retry_after, for that chat and that many times only', async t => {
  const { simulator, api } = await build(t)
  simulator.fault(17, { kind: 'flood', retryAfter: 7 })

  const error = await api.sendMessage(17, 'too fast').then(() => assert.fail(), grammyError)

  assert.equal(error.error_code, 429)
  assert.deepEqual(error.parameters, { retry_after: 7 })
  assert.equal(error.description, 'Too Many Requests: retry after 7')
  await api.sendMessage(18, 'other chat')
  await api.sendMessage(17, 'later')
  assert.deepEqual(simulator.textsOf(17), ['later'])
})

test('the flood answer carries Retry-After as a header too', async t => {
  const { simulator } = await build(t)
  simulator.fault('any', { kind: 'flood', retryAfter: 3 })

  const response = await fetch(`${simulator.url}/bot${simulator.token}/sendMessage?chat_id=1&text=hi`)

  assert.equal(response.status, 429)
  assert.equal(response.headers.get('retry-after'), '3')
})

test('a blocked bot, a migrated group and a broken server answer as Telegram does', async t => {
  const { simulator, api } = await build(t)
  simulator.fault(1, { kind: 'forbidden' })
  simulator.fault(-2, { kind: 'migrated', to: -1_000_000_000_002 })
  simulator.fault(3, { kind: 'error', status: 502, description: 'Bad Gateway' })

  const forbidden = await api.sendMessage(1, 'x').then(() => assert.fail(), grammyError)
  const migrated = await api.sendMessage(-2, 'x').then(() => assert.fail(), grammyError)
  const broken = await api.sendMessage(3, 'x').then(() => assert.fail(), grammyError)

  assert.equal(forbidden.error_code, 403)
  assert.deepEqual(migrated.parameters, { migrate_to_chat_id: -1_000_000_000_002 })
  assert.equal(broken.error_code, 502)
  assert.equal(simulator.sent.length, 0)
})

test('a wrong token is 401, a missing chat or text and a text of 4097 characters are 400', async t => {
  const { simulator, api } = await build(t)
  const stranger = new Api('1:wrong', { apiRoot: simulator.url })

  const failures = await Promise.all(
    [
      stranger.sendMessage(1, 'x'),
      api.sendMessage('', 'x'),
      api.sendMessage('no such chat', 'x'),
      api.sendMessage(1, '  '),
      api.sendMessage(1, '👋'.repeat(4097)),
    ].map(call => call.then(() => assert.fail(), grammyError)),
  )

  assert.deepEqual(
    failures.map(error => `${error.error_code} ${error.description}`),
    [
      '401 Unauthorized',
      '400 Bad Request: chat_id is empty',
      '400 Bad Request: chat not found',
      '400 Bad Request: message text is empty',
      '400 Bad Request: message is too long',
    ],
  )
  assert.equal((await api.sendMessage(1, '👋'.repeat(4096))).text.length, 8192)
})

test('forms of both kinds are read like JSON', async t => {
  const { simulator } = await build(t)
  const multipart = new FormData()
  multipart.set('chat_id', '17')
  multipart.set('text', 'from a form')

  for (const body of [multipart, new URLSearchParams({ chat_id: '17', text: 'url-encoded' })]) {
    const response = await fetch(`${simulator.url}/bot${simulator.token}/sendMessage`, {
      method: 'POST',
      body,
    })
    assert.equal(response.status, 200)
  }

  assert.deepEqual(simulator.textsOf(17), ['from a form', 'url-encoded'])
})

test('a body that is no JSON is 400, an unknown method and a path without a token are 404', async t => {
  const { simulator } = await build(t)
  const headers = { 'content-type': 'application/json' }
  const post = async (path: string, body: string) =>
    (await fetch(`${simulator.url}${path}`, { method: 'POST', headers, body })).status

  assert.equal(await post(`/bot${simulator.token}/sendMessage`, '{"chat_id":'), 400)
  assert.equal(await post(`/bot${simulator.token}/constructor`, '{}'), 404)
  assert.equal(await post('/sendMessage', '{}'), 404)
})

test('a reset after reading leaves the message sent, or not, as the test says', async t => {
  const { simulator, api } = await build(t)
  simulator.fault(1, { kind: 'reset' })
  simulator.fault(2, { kind: 'reset', sent: false })

  await assert.rejects(api.sendMessage(1, 'arrived'), HttpError)
  await assert.rejects(api.sendMessage(2, 'lost'), HttpError)

  assert.deepEqual(simulator.textsOf(1), ['arrived'])
  assert.deepEqual(simulator.textsOf(2), [])
})

test('a slow call is done at once and answered when the latch opens, a silent one never', async t => {
  const { simulator, api } = await build(t)
  const latch = createLatch()
  simulator.fault(1, { kind: 'slow', until: latch.wait() })
  simulator.fault(2, { kind: 'silent' })
  const gaveUp = new AbortController()

  const slow = api.sendMessage(1, 'slow')
  const silent = api.sendMessage(2, 'silent', undefined, gaveUp.signal as never)
  await simulator.whenSent(2)
  latch.open()

  assert.equal((await slow).text, 'slow')
  gaveUp.abort()
  await assert.rejects(silent)
})

test('setWebhook takes a secret of the allowed characters and shows in getWebhookInfo', async t => {
  const { api } = await build(t)

  await assert.rejects(api.setWebhook('https://example.org/hook', { secret_token: 'no spaces' }), GrammyError)
  await api.setWebhook('https://example.org/hook', { secret_token: 'A-z_9', max_connections: 80 })

  const info = await api.getWebhookInfo()
  assert.equal(info.url, 'https://example.org/hook')
  assert.equal(info.max_connections, 80)
})

async function build(t: TestContext) {
  const simulator = await startBotApi()
  t.after(() => simulator.close())
  return { simulator, api: new Api(simulator.token, { apiRoot: simulator.url }) }
}

function grammyError(error: unknown): GrammyError {
  assert.ok(error instanceof GrammyError, String(error))
  return error
}
