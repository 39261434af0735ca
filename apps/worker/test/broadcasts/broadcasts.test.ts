import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters } from '@botyard/platforms'
import { createLatch } from '@botyard/testkit'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { createMetrics } from '../../src/metrics.ts'
import { until } from '../helper.ts'
import { broadcastRigs, chatsUpTo } from './broadcast-rig.ts'

const broadcastRig = broadcastRigs()
const unlimited = { limits: { perSecond: null, perChatPerSecond: null } }
const answering = { onMessage: (ctx: { text: string; reply(text: string): void }) => ctx.reply(ctx.text) }

test('everybody gets a broadcast once, and has a result', async t => {
  const settings = { ...unlimited, uncertainSends: 'drop' as const }
  const { start, announce, ended, read, store, api, letters } = await broadcastRig(t, { shop: { settings } })
  api.answer(({ chat }) =>
    chat === 3 ? { status: 403 } : chat === 5 ? 'cut' : chat === 7 ? { status: 400 } : undefined,
  )
  const registry = new Registry()
  await start({ broadcastStore: store, metrics: createMetrics(registry) })

  const id = await announce('shop', chatsUpTo(60))
  await ended('shop', id)

  assert.deepEqual(
    api.calls.map(({ chat }) => chat).sort((a, b) => a - b),
    chatsUpTo(60),
  )
  const { released, sent, failed, uncertain, endedAt } = await read('shop', id)
  assert.deepEqual({ released, sent, failed, uncertain }, { released: 60, sent: 57, failed: 2, uncertain: 1 })
  assert.ok(endedAt)
  const results = await store.results(id, 0, 100)
  assert.deepEqual(
    results.flatMap(({ conversation, outcome, reason }) =>
      outcome === 'sent' ? [] : [[conversation, outcome, reason]],
    ),
    [
      ['3', 'failed', 'WRK_RECIPIENT_GONE'],
      ['5', 'uncertain', 'WRK_SEND_UNCERTAIN'],
      ['7', 'failed', 'WRK_SEND_REFUSED'],
    ],
  )
  assert.deepEqual(letters, [])
  // Nobody waited for these: they say nothing of how long a reply takes.
  assert.doesNotMatch(await registry.metrics(), /botyard_update_age_at_reply_seconds_count\{/)
})

test('recipients are released a moment before their slot; a pause stops the rest, and it resumes', async t => {
  const settings = { limits: { perSecond: 10, perChatPerSecond: null } }
  const { start, announce, ended, read, store, api, directory, looked } = await broadcastRig(t, {
    shop: { settings },
  })
  await start({ broadcastStore: store })
  const id = await announce('shop', chatsUpTo(90))
  const underWay = async () => {
    const { released, sent } = await read('shop', id)
    return released - sent
  }

  await until(async () => {
    assert.ok((await underWay()) <= 10)
    return (await read('shop', id)).sent > 0
  })
  await store.steer('shop', id, 'paused')
  await looked(2)
  const { released } = await read('shop', id)
  await until(async () => (await underWay()) === 0)
  await looked(2)
  const paused = await read('shop', id)
  const sentThen = api.sent.length
  directory.set('shop', { ...directory.get('shop')!, settings: unlimited })
  await store.steer('shop', id, 'running')
  await ended('shop', id)

  assert.ok(released < 90)
  assert.deepEqual([paused.state, paused.released, sentThen], ['paused', released, released])
  assert.deepEqual(
    api.sent.map(({ chat }) => chat).sort((a, b) => a - b),
    chatsUpTo(90),
  )
})

test('a cancelled broadcast ends with what was released', async t => {
  const settings = { limits: { perSecond: 20, perChatPerSecond: null } }
  const { start, announce, read, store, api, looked } = await broadcastRig(t, { shop: { settings } })
  await start({ broadcastStore: store })
  const id = await announce('shop', chatsUpTo(500))

  await until(() => api.sent.length > 0)
  await store.steer('shop', id, 'cancelled')
  await looked(2)
  await until(async () => {
    const { released, sent } = await read('shop', id)
    return sent === released
  })
  await looked(2)

  const { state, released, endedAt } = await read('shop', id)
  assert.equal(state, 'cancelled')
  assert.ok(endedAt && released < 200, String(released))
  assert.equal(api.calls.length, released)
})

test('what a worker released and could not note is released again by the next one, and reaches nobody twice', async t => {
  const settings = { limits: { perSecond: 20, perChatPerSecond: null } }
  const { start, announce, ended, read, store, api, expireLeases } = await broadcastRig(t, {
    shop: { settings },
  })
  const release = () => {
    throw new Error('killed')
  }
  // In time: what is under way is sent, and not uncertain.
  const dying = await start({ broadcastStore: { ...store, release } }, { graceMs: 10_000 })
  const id = await announce('shop', chatsUpTo(40))
  await until(() => api.sent.length >= 5)
  await dying.close()
  assert.equal((await read('shop', id)).released, 0)

  const pages: number[] = []
  await expireLeases()
  await start({
    broadcastStore: {
      ...store,
      recipients(id, from, limit) {
        pages.push(from)
        return store.recipients(id, from, limit)
      },
    },
  })
  await ended('shop', id)

  assert.equal(pages[0], 0)
  assert.deepEqual(
    api.calls.map(({ chat }) => chat).sort((a, b) => a - b),
    chatsUpTo(40),
  )
})

test('who lost the lease releases nothing more', async t => {
  const settings = { limits: { perSecond: 20, perChatPerSecond: null } }
  const { start, announce, read, db, store, api, looked } = await broadcastRig(t, { shop: { settings } })
  await start({ broadcastStore: store })
  const id = await announce('shop', chatsUpTo(300))
  await until(() => api.sent.length > 0)

  const taken = { runner: 'another', leased_until: new Date(Date.now() + 60_000) }
  await db.updateTable('broadcasts').set(taken).execute()
  await looked(2)
  // What it had released and could not note any more is on its way; the other one's repeats are dropped.
  await until(async () => (await read('shop', id)).sent === api.calls.length)
  const { released } = await read('shop', id)
  const sent = api.calls.length
  await looked(3)

  assert.equal((await read('shop', id)).released, released)
  assert.equal(api.calls.length, sent)
  assert.ok(sent < 300)
})

test('a reply does not wait behind a message of a broadcast that waits for its slot, not even in the same chat', async t => {
  const { start, deliver, announce, ended, store, api } = await broadcastRig(t, { shop: answering })
  await start({ broadcastStore: store })
  const id = await announce('shop', chatsUpTo(100))
  await until(() => api.sent.length > 0)

  await deliver(100, 'hello')
  await ended('shop', id)

  assert.deepEqual(api.textsOf(100), ['hello', 'to all'])
})

test('a bot that is removed while it broadcasts leaves no errors and no dead letters', async t => {
  const settings = { limits: { perSecond: 20, perChatPerSecond: null } }
  const { start, announce, store, botStore, directory, api, letters, redis, looked } = await broadcastRig(t, {
    shop: { settings },
  })
  const lines: { level: number; msg: string }[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  await start({ broadcastStore: store, logger })
  await announce('shop', chatsUpTo(300))
  await until(() => api.sent.length > 0)

  await botStore.remove('shop')
  directory.delete('shop')
  await until(async () => (await redis.keys('{p0}:mb:outbox:m:*')).length === 0)
  await until(async () => (await redis.llen('{p0}:dead')) === 0)
  await looked(2)

  assert.deepEqual(lines, [])
  assert.deepEqual(letters, [])
  assert.ok(api.calls.length < 100)
})

test('sends that fail without an answer of the platform have a result too, and so has what no key opens', async t => {
  const { start, announce, ended, store, api, naming, redis, letters, looked } = await broadcastRig(t, {
    shop: { settings: { ...unlimited, tries: 1 } },
  })
  const { telegram } = adapters
  const gate = createLatch<undefined>()
  await start(
    {
      broadcastStore: store,
      adapters: {
        ...adapters,
        telegram: {
          ...telegram,
          async send(message, credentials, options) {
            if (message.conversation === '2') throw new Error('a bug')
            if (message.conversation === '1') await gate.wait()
            return telegram.send(message, credentials, options)
          },
        },
      },
    },
    { sendConcurrency: 1 },
  )
  const id = await announce('shop', [1, 2, 3])
  const key = `{p0}:mb:outbox:m:${naming.conversation('shop', 'telegram', 'broadcast\x003')}`
  await until(async () => (await redis.llen(key)) === 1)
  await looked(2)
  const entry = (await redis.lindexBuffer(key, 0))!
  entry[entry.length - 1]! ^= 1
  await redis.lset(key, 0, entry)
  gate.open(undefined)
  await ended('shop', id)

  assert.deepEqual(
    api.calls.map(({ chat }) => chat),
    [1],
  )
  assert.deepEqual(
    (await store.results(id, 0, 9)).map(({ outcome, reason }) => [outcome, reason]),
    [
      ['sent', null],
      ['failed', 'WRK_HANDLER_FAILED'],
      ['failed', 'KEY_TAMPERED'],
    ],
  )
  assert.deepEqual(
    letters.map(({ reason }) => reason),
    ['KEY_TAMPERED'],
  )
})

test('messages that Redis lost are uncertain, and their broadcast ends', async t => {
  const settings = unlimited
  const { start, announce, ended, read, store, api, redis } = await broadcastRig(t, { shop: { settings } })
  api.answer(({ chat }) => (chat <= 3 ? { status: 429, retryAfter: 3_600 } : undefined))
  let looksForLost = 0
  const counting: typeof store = {
    ...store,
    outstanding(...args) {
      looksForLost++
      return store.outstanding(...args)
    },
  }
  await start({ broadcastStore: counting }, { broadcastLostEveryMs: 50 })
  const id = await announce('shop', chatsUpTo(20))
  await until(async () => (await read('shop', id)).sent === 17 && api.calls.length >= 20)
  await until(async () => (await redis.zcard('{p0}:mb:outbox:delayed')) === 3)
  // What is in the mailbox is looked for, and is not lost.
  const looked = looksForLost
  await until(() => looksForLost > looked + 5)
  assert.equal((await read('shop', id)).uncertain, 0)

  await redis.flushall()
  await ended('shop', id)

  const { sent, failed, uncertain } = await read('shop', id)
  assert.deepEqual({ sent, failed, uncertain }, { sent: 17, failed: 0, uncertain: 3 })
  const results = await store.results(id, 0, 3)
  assert.deepEqual(
    results.map(({ reason }) => reason),
    Array.from({ length: 3 }, () => 'WRK_RESULT_LOST'),
  )
})
