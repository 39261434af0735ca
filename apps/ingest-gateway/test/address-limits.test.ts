import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bots, build, telegramCall } from './helper.ts'

const wrong = (updateId: number, headers: Record<string, string> = {}) =>
  telegramCall(updateId, 'x', { 'x-telegram-bot-api-secret-token': 'no', ...headers })

test('beyond the limit of an address every call is answered 429, before its body or bot is looked at', async t => {
  const { app, deliveries, events } = await build(t, { options: { ipLimitPerMinute: 2 } })

  await app.inject(telegramCall(1))
  await app.inject(telegramCall(2))
  const third = await app.inject(telegramCall(3))
  const unknown = await app.inject({ ...telegramCall(4), url: '/hooks/telegram/nobody' })
  const nowhere = await app.inject({ method: 'GET', url: '/nowhere' })

  assert.deepEqual([third.statusCode, unknown.statusCode, nowhere.statusCode], [429, 429, 429])
  assert.equal(third.json().error.code, 'GTW_TOO_MANY_REQUESTS')
  assert.ok(Number(third.headers['retry-after']) >= 0)
  assert.equal(deliveries.length, 2)
  assert.deepEqual(events[0], {
    event: 'security.limit_refused',
    fields: { limit: 'address', ip: '127.0.0.1' },
  })
})

test('calls that fail verification are answered 429 and cut off beyond their limit', async t => {
  const { app, events } = await build(t, { options: { ipFailuresPerMinute: 2 } })

  const answers = [await app.inject(wrong(1)), await app.inject(wrong(2)), await app.inject(wrong(3))]

  assert.deepEqual(
    answers.map(answer => answer.statusCode),
    [401, 401, 429],
  )
  assert.equal(answers[2]?.json().error.code, 'GTW_TOO_MANY_FAILURES')
  assert.ok(Number(answers[2]?.headers['retry-after']) > 0)
  assert.equal(answers[2]?.headers.connection, 'close')
  assert.equal(events.filter(({ event }) => event === 'security.secret_refused').length, 3)
})

test("strangers' failures never refuse a genuine call from the same address, nor other bots' calls", async t => {
  const other = { ...bots.echo, id: 'other' }
  const { app } = await build(t, { known: [bots.echo, other], options: { ipFailuresPerMinute: 1 } })
  await app.inject(wrong(1))
  await app.inject(wrong(2))

  const genuine = await app.inject(telegramCall(3))
  const othersFailure = await app.inject({ ...wrong(4), url: '/hooks/telegram/other' })

  assert.equal(genuine.statusCode, 200)
  assert.equal(othersFailure.statusCode, 401)
})

test('only a trusted proxy may say whose call it is', async t => {
  const direct = await build(t, { options: { ipLimitPerMinute: 1 } })
  const proxied = await build(t, { options: { ipLimitPerMinute: 1, trustProxy: ['127.0.0.0/8'] } })

  for (const { app, expected } of [
    { ...direct, expected: [200, 429] },
    { ...proxied, expected: [200, 200] },
  ]) {
    const first = await app.inject(telegramCall(1, 'x', { 'x-forwarded-for': '203.0.113.1' }))
    const second = await app.inject(telegramCall(2, 'x', { 'x-forwarded-for': '203.0.113.2' }))

    assert.deepEqual([first.statusCode, second.statusCode], expected)
  }
})
