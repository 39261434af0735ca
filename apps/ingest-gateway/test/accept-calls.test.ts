import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters } from '@botyard/platforms'
import { bots, build, customCall, secret, telegramCall } from './helper.ts'

test('a genuine Telegram update is stored sealed, under names that do not tell its ids, and answered 200', async t => {
  const { app, deliveries, open } = await build(t)

  const answer = await app.inject(telegramCall(7, 'Hello there'))

  assert.equal(answer.statusCode, 200)
  assert.deepEqual(answer.json(), { ok: true })
  const [delivery] = deliveries
  assert.ok(delivery)
  assert.match(delivery.conversation, /^echo\/[\w-]{22}$/)
  assert.equal(delivery.update.length, 16)
  assert.equal(delivery.windowMs, 24 * 3600 * 1000)
  assert.ok(!delivery.body.includes('Hello there') && !delivery.body.includes('424242'))
  const { update } = open(delivery)
  assert.deepEqual(
    { ...update, receivedAtMs: 0 },
    {
      id: '7',
      bot: 'echo',
      platform: 'telegram',
      kind: 'message',
      conversation: '424242',
      user: '424242',
      text: 'Hello there',
      sentAtMs: 1_700_000_000_000,
      receivedAtMs: 0,
    },
  )
})

test('the bytes of a call reach the worker untouched, numbers beyond 2^53 and odd spacing included', async t => {
  const { app, deliveries, open } = await build(t)
  const call = telegramCall(7)
  const payload = call.payload.replace('}}', ', "big": 12345678901234567890 }}')

  await app.inject({ ...call, payload })

  assert.equal(open(deliveries[0]!).raw.toString(), payload)
})

test('a genuine call of the custom channel is accepted', async t => {
  const { app, deliveries, open } = await build(t)

  const answer = await app.inject(
    customCall('{"id":"o-1","conversation":"c-9","user":"u-3","text":"two, please"}'),
  )

  assert.equal(answer.statusCode, 200)
  const { update } = open(deliveries[0]!)
  assert.deepEqual(
    [update.id, update.conversation, update.user, update.text],
    ['o-1', 'c-9', 'u-3', 'two, please'],
  )
})

test('a duplicate and a delayed update get the same answer as a first one', async t => {
  for (const outcome of ['duplicate', 'delayed'] as const) {
    const { app } = await build(t, { deliver: async () => outcome })

    const answer = await app.inject(telegramCall(7))

    assert.equal(answer.statusCode, 200)
    assert.equal(answer.body, '{"ok":true}')
  }
})

test('the limit per user of a bot goes into the delivery, with a name for the user', async t => {
  const userLimit = { perSecond: 1, burst: 3 }
  const { app, deliveries } = await build(t, { known: [{ ...bots.echo, settings: { userLimit } }] })

  await app.inject(telegramCall(7))

  assert.deepEqual(deliveries[0]?.userLimit, userLimit)
  assert.match(deliveries[0]?.user ?? '', /^[\w-]{22}$/)
})

test('a bot whose settings say nothing has the limits of the deployment', async t => {
  const { app, deliveries } = await build(t, {
    options: { userLimit: { perSecond: 3, burst: 4 }, maxBacklog: { updates: 5, bytes: 6_000 } },
  })

  await app.inject(telegramCall(7))

  assert.equal(deliveries[0]?.user?.length, 22)
  assert.deepEqual(deliveries[0]?.userLimit, { perSecond: 3, burst: 4 })
  assert.deepEqual(deliveries[0]?.maxBacklog, { updates: 5, bytes: 6_000 })
})

test('an accepted update is one log line with keyed names, never its text or an id of the platform', async t => {
  const { app, deliveries, logLines } = await build(t)

  await app.inject(telegramCall(7, 'a secret of mine'))

  assert.equal(logLines.length, 1)
  const { level, time, ms, ...line } = logLines[0]!
  assert.deepEqual(line, {
    bot: 'echo',
    update: deliveries[0]!.update.toString('base64url'),
    conversation: deliveries[0]!.conversation,
    kind: 'message',
    outcome: 'accepted',
    msg: 'update accepted',
  })
  assert.equal(typeof ms, 'number')
})

test('intake, age and acknowledgement are counted by platform', async t => {
  const { app, registry } = await build(t)

  await app.inject(telegramCall(7))

  const text = await registry.metrics()
  assert.match(text, /botyard_updates_received_total\{platform="telegram",outcome="accepted"\} 1/)
  assert.match(text, /botyard_update_age_at_accept_seconds_count\{platform="telegram"\} 1/)
  assert.match(text, /botyard_ack_seconds_count\{platform="telegram",answered_by="gateway"\} 1/)
})

test('every answer carries security headers', async t => {
  const { app } = await build(t)

  for (const call of [telegramCall(7), { method: 'GET' as const, url: '/nothing' }]) {
    const { headers } = await app.inject(call)

    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['content-security-policy'], "default-src 'none';frame-ancestors 'none'")
    assert.match(String(headers['strict-transport-security']), /max-age=\d+/)
  }
})

test('a proof that waits for keys delays no other call of its turn', async t => {
  const { promise: keys, resolve } = Promise.withResolvers<void>()
  const slow = { ...adapters.custom, verify: () => keys.then(() => ({ genuine: true }) as const) }
  const { app, deliveries } = await build(t, { deps: { adapters: { ...adapters, custom: slow } } })

  const waiting = app.inject(customCall('{"id":"o-1","conversation":"c-9","text":"later"}'))
  const other = await app.inject(telegramCall(7))
  const storedBefore = deliveries.length
  resolve()

  assert.equal(other.statusCode, 200)
  assert.equal(storedBefore, 1)
  assert.equal((await waiting).statusCode, 200)
  assert.equal(deliveries.length, 2)
})

test('a proof that cannot be checked ends its call alone', async t => {
  const broken = { ...adapters.custom, verify: async () => Promise.reject(new Error('no keys here')) }
  const { app } = await build(t, { deps: { adapters: { ...adapters, custom: broken } } })

  const [failed, other] = await Promise.all([
    app.inject(customCall('{"id":"o-1","conversation":"c-9","text":"x"}')),
    app.inject(telegramCall(7)),
  ])

  assert.equal(failed.statusCode, 500)
  assert.equal(other.statusCode, 200)
})

test('the same secret on another bot proves nothing', async t => {
  const other = { ...bots.echo, id: 'other', credentials: { token: '1:b', webhookSecret: `${secret}2` } }
  const { app } = await build(t, { known: [bots.echo, other] })

  const answer = await app.inject({ ...telegramCall(7), url: '/hooks/telegram/other' })

  assert.equal(answer.statusCode, 401)
})
