import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { type TestContext, test } from 'node:test'
import { Value } from 'typebox/value'
import { telegramRegistrar } from '../../src/telegram/register.ts'
import { localServer } from '../http/local-server.ts'

const url = 'https://bots.example/hooks/telegram/b'
const credentials = { token: '123456:AAsecret', webhookSecret: 'right-secret_1' }

/** A Bot API server that answers each method so. */
async function botApi(t: TestContext, answers: Record<string, { status?: number; body: object | string }>) {
  const { origin, received, options } = await localServer(t, ({ url: path }, response: ServerResponse) => {
    const { status = 200, body } = answers[path.split('/').at(-1) ?? ''] ?? { status: 404, body: '' }
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  return { received, options, credentials: { ...credentials, apiRoot: origin } }
}

const done = { body: { ok: true, result: true } }
const info = (result: object) => ({ body: { ok: true, result } })

test('the webhook is set with the secret and what was asked for, and then looked at', async t => {
  const api = await botApi(t, { setWebhook: done, getWebhookInfo: info({ url, pending_update_count: 3 }) })
  const options = {
    allowedUpdates: ['message', 'chat_member'],
    maxConnections: 100,
    dropPendingUpdates: true,
  }
  assert.ok(Value.Check(telegramRegistrar.options, options))

  const registration = await telegramRegistrar.set(api.credentials, url, options, api.options)

  assert.deepEqual(registration, {
    state: 'registered',
    detail: 'Telegram calls this url; 3 updates wait there.',
  })
  assert.deepEqual(JSON.parse(api.received[0]?.body ?? ''), {
    url,
    secret_token: 'right-secret_1',
    allowed_updates: ['message', 'chat_member'],
    max_connections: 100,
    drop_pending_updates: true,
  })
})

test('without options only the url and the secret are sent', async t => {
  const api = await botApi(t, { setWebhook: done, getWebhookInfo: info({ url }) })

  await telegramRegistrar.set(api.credentials, url, undefined, api.options)

  assert.deepEqual(JSON.parse(api.received[0]?.body ?? ''), { url, secret_token: 'right-secret_1' })
})

test('checking tells another url, none at all, and Telegram’s last trouble with ours', async t => {
  const check = async (result: object) => {
    const api = await botApi(t, { getWebhookInfo: info(result) })
    return telegramRegistrar.check(api.credentials, url, api.options)
  }

  assert.deepEqual(await check({ url: 'https://other.example/' }), {
    state: 'differs',
    detail: 'Telegram calls https://other.example/.',
  })
  assert.deepEqual(await check({ url: '' }), {
    state: 'differs',
    detail: 'Telegram calls no webhook for this bot.',
  })
  assert.deepEqual(await check({ url, pending_update_count: 1, last_error_message: 'Connection refused' }), {
    state: 'registered',
    detail: 'Telegram calls this url; 1 updates wait there. Its last error: Connection refused',
  })
  assert.equal((await check({ no: 'url' })).state, 'unreachable')
})

test('a refusal says why, and never the token', async t => {
  const refused = {
    ok: false,
    error_code: 400,
    description: 'Bad Request: bad webhook: AAsecret HTTPS url must be provided',
  }
  const api = await botApi(t, { setWebhook: { status: 400, body: refused } })

  assert.deepEqual(await telegramRegistrar.set(api.credentials, url, {}, api.options), {
    state: 'refused',
    detail: 'Telegram answered 400: Bad Request: bad webhook: … HTTPS url must be provided.',
  })
})

test('a server error, a pause or no answer is unreachable: ask again', async t => {
  for (const status of [429, 502]) {
    const api = await botApi(t, { setWebhook: { status, body: 'later' } })

    assert.equal((await telegramRegistrar.set(api.credentials, url, {}, api.options)).state, 'unreachable')
  }
  const api = await botApi(t, {})
  await api.options.dispatcher.close()
  assert.equal((await telegramRegistrar.check(api.credentials, url, api.options)).state, 'unreachable')
})
