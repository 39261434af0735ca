import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MailboxUnavailableError } from '@botyard/mailbox'
import { adapters, type NormalisedUpdate } from '@botyard/platforms'
import { build, customCall, telegramCall } from './helper.ts'

/** A platform that sends three updates a call, as several do. */
const inThrees = {
  ...adapters,
  custom: {
    ...adapters.custom,
    normalise: (): NormalisedUpdate[] =>
      ['a', 'b', 'c'].map(id => ({ id, kind: 'message', conversation: 'c-1', raw: Buffer.from(id) })),
  },
}

test('an update that could not be stored is answered 503 with Retry-After, and is no accepted line', async t => {
  const { app, logLines, registry } = await build(t, {
    deliver: async () => {
      throw new MailboxUnavailableError()
    },
  })

  const answer = await app.inject(telegramCall(1))

  assert.equal(answer.statusCode, 503)
  assert.equal(answer.headers['retry-after'], '2')
  assert.equal(answer.json().error.code, 'GTW_STORE_UNAVAILABLE')
  assert.deepEqual(
    logLines.map(({ msg, bot, code }) => ({ msg, bot, code })),
    [{ msg: 'call refused', bot: 'echo', code: 'GTW_STORE_UNAVAILABLE' }],
  )
  assert.match(
    await registry.metrics(),
    /botyard_updates_received_total\{platform="telegram",outcome="unavailable"\} 1/,
  )
})

test('a store that does not answer in time is answered 503, and what it says later is ignored', async t => {
  let answerLate = (_outcome: 'accepted') => {}
  const { app } = await build(t, {
    deliver: () => new Promise(resolve => (answerLate = resolve)),
    options: { timeoutMs: 20 },
  })

  const answer = await app.inject(telegramCall(1))
  answerLate('accepted')

  assert.equal(answer.statusCode, 503)
  assert.equal(answer.json().error.code, 'GTW_STORE_UNAVAILABLE')
})

test('a bot whose backlog is full is answered 503 with a longer Retry-After', async t => {
  const { app } = await build(t, { deliver: async () => 'backlog-full' })

  const answer = await app.inject(telegramCall(1))

  assert.equal(answer.statusCode, 503)
  assert.equal(answer.headers['retry-after'], '30')
  assert.equal(answer.json().error.code, 'GTW_BACKLOG_FULL')
})

test('the updates of a batch are handed over one after another in one turn, each sealed for itself', async t => {
  const { app, deliveries, open } = await build(t, { deps: { adapters: inThrees } })

  const answer = await app.inject(customCall('{}'))

  assert.equal(answer.statusCode, 200)
  assert.deepEqual(
    deliveries.map(delivery => open(delivery).update.id),
    ['a', 'b', 'c'],
  )
  assert.deepEqual(
    deliveries.map(delivery => open(delivery).raw.toString()),
    ['a', 'b', 'c'],
  )
})

test('a batch is answered 2xx only when all of it is stored', async t => {
  let n = 0
  const { app } = await build(t, {
    deps: { adapters: inThrees },
    deliver: async () => {
      if (++n === 2) throw new MailboxUnavailableError()
      return 'accepted'
    },
  })

  const first = await app.inject(customCall('{}'))
  const again = await app.inject(customCall('{}'))

  assert.equal(first.statusCode, 503)
  assert.equal(again.statusCode, 200)
})

test('a batch without updates is answered 200', async t => {
  const none = { ...adapters, custom: { ...adapters.custom, normalise: () => [] } }
  const { app, deliveries } = await build(t, { deps: { adapters: none } })

  const answer = await app.inject(customCall('{"events":[]}'))

  assert.equal(answer.statusCode, 200)
  assert.equal(deliveries.length, 0)
})

test('calls of one turn keep their own answers', async t => {
  const { app } = await build(t)

  const answers = await Promise.all([
    app.inject(telegramCall(1)),
    app.inject(telegramCall(2, 'x', { 'x-telegram-bot-api-secret-token': 'no' })),
    app.inject({ ...telegramCall(3), payload: '{' }),
    app.inject(telegramCall(4)),
  ])

  assert.deepEqual(
    answers.map(answer => answer.statusCode),
    [200, 401, 400, 200],
  )
})
