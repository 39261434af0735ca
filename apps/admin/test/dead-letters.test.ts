import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createDeadLetterStore, type DeadLetter, migrateControl } from '@botyard/control-database'
import { type ConversationKey, letterErrorContext } from '@botyard/queue-contracts'
import { startPostgres, startRedis, type TestPostgres, type TestRedis } from '@botyard/testkit'
import { build, codeOf, keyring, openDatabase, openRedis, silent } from './helper.ts'

let postgres: TestPostgres
let server: TestRedis
before(async () => {
  ;[postgres, server] = await Promise.all([startPostgres(), startRedis()])
})
after(() => Promise.all([postgres.stop(), server.stop()]))

const chat: ConversationKey = 'shop/AAAAAAAAAAAAAAAAAAAAAA'
const mailbox = `{p0}:mb:inbox:m:${chat}`

test('the letters of a bot are taken again in the order in which they came, each once', async t => {
  const { call, store, redis, bodies } = await setUp(t)
  await store.insert([letter(3), letter(1), letter(2), letter(4, { reason: 'KEY_TAMPERED' })])

  const first = await call('POST', '/dead-letters/retry', { bot: 'shop', reason: 'FAILED' }, 'operator')
  await store.insert([letter(1)])
  const again = await call('POST', '/dead-letters/retry', { id: letter(1).id }, 'operator')

  assert.deepEqual([first.status, first.body], [200, { done: 3, left: 0 }])
  assert.deepEqual([again.status, again.body], [200, { done: 1, left: 0 }])
  assert.deepEqual(await bodies(), ['letter 1', 'letter 2', 'letter 3'])
  assert.deepEqual(await redis.lrange('{p0}:mb:inbox:run:shop', 0, -1), [chat])
  assert.equal(await redis.hget('{p0}:mb:inbox:count', 'shop'), '3')
  assert.deepEqual(
    (await store.list({ limit: 9 })).map(({ reason }) => reason),
    ['KEY_TAMPERED'],
  )
})

test('one that dies again after it was taken again is another death, and can be taken again too', async t => {
  const { call, store, bodies } = await setUp(t)
  await store.insert([letter(1)])
  await call('POST', '/dead-letters/retry', { bot: 'shop' })
  const again = { ...letter(1), diedAt: new Date('2026-11-03T00:00:00Z') }

  await store.insert([again])
  await call('POST', '/dead-letters/retry', { bot: 'shop' })

  assert.deepEqual(await bodies(), ['letter 1', 'letter 1'])
})

test('they come back throttled: more than so many a second are due later', async t => {
  const { call, store, redis } = await setUp(t)
  const chats = ['A', 'B', 'C'].map(name => `shop/${name.repeat(22)}` as ConversationKey)
  await store.insert(chats.map((conversation, n) => letter(n, { conversation })))

  await call('POST', '/dead-letters/retry', { bot: 'shop', perSecond: 1 })

  assert.deepEqual(await redis.lrange('{p0}:mb:inbox:run:shop', 0, -1), [chats[0]])
  assert.deepEqual(await redis.zrange('{p0}:mb:inbox:delayed', '0', '-1'), chats.slice(1))
})

test('discarded letters are gone for good; both orders are on record, and not a viewer’s', async t => {
  const { call, store, bodies } = await setUp(t)
  await store.insert([letter(1), letter(2)])

  const refused = await call('POST', '/dead-letters/discard', { bot: 'shop' }, 'viewer')
  const done = await call('POST', '/dead-letters/discard', { bot: 'shop', limit: 1 }, 'operator')
  const unknown = await call('POST', '/dead-letters/retry', { id: letter(1).id })
  const { entries } = (await call('GET', '/audit-log')).body as { entries: { action: string }[] }

  assert.deepEqual([refused.status, codeOf(refused)], [403, 'ADM_ROLE_INSUFFICIENT'])
  assert.deepEqual([done.status, done.body], [200, { done: 1, left: 1 }])
  assert.deepEqual([unknown.status, codeOf(unknown)], [404, 'ADM_DEAD_LETTER_NOT_FOUND'])
  assert.deepEqual(await bodies(), [])
  assert.deepEqual(
    entries.map(({ action }) => action),
    ['dead-letter.discard'],
  )
})

test('what a handler threw is shown to owners alone', async t => {
  const { call, store } = await setUp(t)
  const { id } = letter(1)
  const error = keyring.seal(Buffer.from('Error: no such order'), letterErrorContext(id))
  await store.insert([letter(1, { error })])
  const path = `/dead-letters/error?id=${encodeURIComponent(id)}`

  assert.equal((await call('GET', path, undefined, 'operator')).status, 403)
  assert.deepEqual((await call('GET', path, undefined, 'owner')).body, { error: 'Error: no such order' })
})

function letter(n: number, more: Partial<DeadLetter> = {}): DeadLetter {
  const hash = createHash('sha256').update(String(n)).digest().subarray(0, 16)
  const conversation = more.conversation ?? chat
  return {
    ...{ id: `inbox/${conversation}/${hash.toString('base64url')}`, bot: 'shop', conversation },
    ...{ reason: 'FAILED', tries: 5, envelope: Buffer.from(`letter ${n}`) },
    ...{ acceptedAt: new Date(1_790_000_000_000 + n), diedAt: new Date('2026-11-02T00:00:00Z') },
    ...more,
  }
}

/** The admin API beside a real, empty Redis and a database of its own. */
async function setUp(t: TestContext) {
  const db = openDatabase(t, await postgres.createDatabase())
  await migrateControl(db, silent)
  const redis = openRedis(t, server.url)
  while (redis.status !== 'ready') await delay(2)
  await redis.flushall()
  return {
    ...(await build(t, { db, redis })),
    redis,
    store: createDeadLetterStore(db),
    bodies: async () =>
      (await redis.lrangeBuffer(mailbox, 0, -1)).map(entry => entry.subarray(28).toString()),
  }
}
