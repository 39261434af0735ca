import assert from 'node:assert/strict'
import { test } from 'node:test'
import { build, customCall, telegramCall } from './helper.ts'

const refusals: [what: string, call: object, status: number, code: string, path?: string][] = [
  [
    'a wrong secret',
    telegramCall(1, 'x', { 'x-telegram-bot-api-secret-token': 'no' }),
    401,
    'GTW_SIGNATURE_REFUSED',
  ],
  [
    'an empty secret',
    telegramCall(1, 'x', { 'x-telegram-bot-api-secret-token': '' }),
    401,
    'GTW_SIGNATURE_REFUSED',
  ],
  ['a changed body', { ...customCall('{"id":"1"}'), payload: '{"id":"2"}' }, 401, 'GTW_SIGNATURE_REFUSED'],
  ['an unknown bot', { ...telegramCall(1), url: '/hooks/telegram/nobody' }, 401, 'GTW_SIGNATURE_REFUSED'],
  ['an unknown platform', { ...telegramCall(1), url: '/hooks/fax/echo' }, 404, 'GTW_NOT_FOUND'],
  [
    'a bot that no key opens',
    { ...telegramCall(1), url: '/hooks/telegram/sealed-away' },
    503,
    'GTW_BOT_UNREADABLE',
  ],
  [
    'the platform of another bot',
    { ...telegramCall(1), url: '/hooks/custom/echo' },
    401,
    'GTW_SIGNATURE_REFUSED',
  ],
  [
    'a key of the prototype',
    { ...telegramCall(1), url: '/hooks/__proto__/constructor' },
    404,
    'GTW_NOT_FOUND',
  ],
  [
    'an endless bot id',
    { ...telegramCall(1), url: `/hooks/telegram/${'x'.repeat(500)}` },
    404,
    'GTW_NOT_FOUND',
  ],
  ['another address', { ...telegramCall(1), url: '/hook' }, 404, 'GTW_NOT_FOUND'],
  [
    'a broken escape in the address',
    { ...telegramCall(1), url: '/hooks/telegram/%zz' },
    400,
    'GTW_BAD_REQUEST',
  ],
  ['GET', { method: 'GET', url: '/hooks/telegram/echo' }, 405, 'GTW_METHOD_NOT_ALLOWED'],
  ['PUT', { ...telegramCall(1), method: 'PUT' }, 405, 'GTW_METHOD_NOT_ALLOWED'],
  ['a form', telegramCall(1, 'x', { 'content-type': 'text/plain' }), 415, 'GTW_UNSUPPORTED_MEDIA_TYPE'],
  [
    'a nonsensical content type',
    telegramCall(1, 'x', { 'content-type': ';;/' }),
    415,
    'GTW_UNSUPPORTED_MEDIA_TYPE',
  ],
  ['an oversize body', telegramCall(1, 'x'.repeat(20_000)), 413, 'GTW_BODY_TOO_LARGE'],
  ['malformed JSON', { ...telegramCall(1), payload: '{"update_id":' }, 400, 'GTW_MALFORMED_JSON'],
  ['an empty body', { ...telegramCall(1), payload: '' }, 400, 'GTW_MALFORMED_JSON'],
  ['a body that is no object', { ...telegramCall(1), payload: '[]' }, 400, 'GTW_INVALID_UPDATE', ''],
  [
    'an update id of text',
    { ...telegramCall(1), payload: '{"update_id":"1"}' },
    400,
    'GTW_INVALID_UPDATE',
    '/update_id',
  ],
  [
    'a custom update without conversation',
    customCall('{"id":"1"}'),
    400,
    'GTW_INVALID_UPDATE',
    '/conversation',
  ],
]

for (const [what, call, status, code, path] of refusals) {
  test(`${what} is answered ${status} ${code}, and nothing is stored`, async t => {
    const { app, deliveries, registry } = await build(t, { options: { maxBodyBytes: 16_384 } })

    const answer = await app.inject(call)

    assert.equal(answer.statusCode, status, answer.body)
    const { error } = answer.json()
    assert.equal(error.code, code)
    assert.equal(error.path, path)
    assert.ok(error.message.length > 0)
    assert.match(answer.headers['content-type'] as string, /^application\/json/)
    assert.equal(deliveries.length, 0)
    assert.match(await registry.metrics(), new RegExp(`botyard_webhook_refusals_total\\{code="${code}"\\} 1`))
  })
}

test('a call without secret and without content type is refused as well', async t => {
  const { app, deliveries } = await build(t)

  const answer = await app.inject({ method: 'POST', url: '/hooks/telegram/echo' })

  assert.equal(answer.statusCode, 415)
  assert.equal(deliveries.length, 0)
})

test('a content type with parameters and capitals is that type', async t => {
  const { app } = await build(t)

  const answer = await app.inject(telegramCall(1, 'x', { 'content-type': 'Application/JSON; Charset=utf-8' }))

  assert.equal(answer.statusCode, 200)
})

test('a refused secret is one security event, which holds neither the secret nor the text', async t => {
  const { app, events, logLines } = await build(t)

  await app.inject(telegramCall(1, 'my text', { 'x-telegram-bot-api-secret-token': 'wrong-secret' }))

  assert.deepEqual(events, [
    {
      event: 'security.secret_refused',
      fields: { bot: 'echo', platform: 'telegram', reason: 'mismatch', ip: '127.0.0.1' },
    },
  ])
  assert.deepEqual(logLines, [])
})

test('a refused signature is an event of another name', async t => {
  const { app, events } = await build(t)

  await app.inject({ ...customCall('{"id":"1"}'), payload: '{"id":"2"}' })

  assert.deepEqual(
    events.map(({ event, fields }) => [event, fields.reason]),
    [['security.signature_refused', 'mismatch']],
  )
})

test('an error of ours is answered 500 without details, and logged with them', async t => {
  const { app, logLines } = await build(t, {
    deliver: async () => {
      throw new TypeError('secret detail')
    },
  })

  const answer = await app.inject(telegramCall(1))

  assert.equal(answer.statusCode, 500)
  assert.equal(answer.json().error.code, 'GTW_INTERNAL')
  assert.ok(!answer.body.includes('detail'))
  assert.equal((logLines[0] as { err: { message: string } }).err.message, 'secret detail')
})
