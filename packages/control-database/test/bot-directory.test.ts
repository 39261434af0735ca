import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createKeyring, createRedis } from '@botyard/service-kit'
import { createLatch, freePort, startRedis } from '@botyard/testkit'
import type { Redis } from 'ioredis'
import { sql } from 'kysely'
import { type BotDirectory, createBotDirectory } from '../src/bots/bot-directory.ts'
import { type BotStore, createBotStore } from '../src/bots/bot-store.ts'
import { announceBotChange } from '../src/notices/announce-change.ts'
import { botBus } from '../src/notices/bot-bus.ts'
import { membersBehind } from '../src/notices/notice-bus.ts'
import { controlDatabases, keyring, logger, newBot, until } from './control-databases.ts'

const databases = controlDatabases()

/** Polls so seldom that a test which does not mean to wait for it never sees one. */
const neverMs = 1_000_000

test('a change reaches all directories, and its announcement waits for the last of them', async t => {
  const { store, redis, openDirectory } = await setUp(t)
  const gate = createLatch()
  const asked = createLatch()
  await insert(store, 'known-from-the-start')
  const one = await openDirectory(store)
  const two = await openDirectory({
    ...store,
    async changesSince(change) {
      if (change > 0) {
        asked.open()
        await gate.wait()
      }
      return store.changesSince(change)
    },
  })
  const change = await insert(store, 'shop')

  let answered = false
  const announced = announceBotChange({ redis, change, timeoutMs: 30_000 }).finally(() => {
    answered = true
  })
  await asked.wait()
  await untilBehind(redis, change, 1)
  assert.equal(one.get('shop')?.handler, 'echo')
  assert.equal(two.get('shop'), undefined)
  assert.equal(answered, false)

  gate.open()
  assert.deepEqual(await announced, { status: 'acknowledged' })
  assert.equal(two.get('shop')?.handler, 'echo')
})

test('once an announcement is acknowledged, changes and removals hold everywhere', async t => {
  const { store, redis, openDirectory } = await setUp(t)
  const directories = [await openDirectory(store), await openDirectory(store)]
  await announceBotChange({ redis, change: await insert(store, 'shop'), timeoutMs: 30_000 })

  const changed = await store.update('shop', { credentials: { token: 'new' } })
  assert.equal(changed.status, 'changed')
  const change = changed.status === 'changed' ? changed.bot.version : 0
  assert.deepEqual(await announceBotChange({ redis, change, timeoutMs: 30_000 }), { status: 'acknowledged' })
  for (const directory of directories) assert.deepEqual(directory.get('shop')?.credentials, { token: 'new' })

  const removed = await store.remove('shop')
  assert.equal(removed.status, 'removed')
  await announceBotChange({
    redis,
    change: removed.status === 'removed' ? removed.change : 0,
    timeoutMs: 30_000,
  })
  for (const directory of directories) assert.equal(directory.get('shop'), undefined)
})

test('a change that nobody announced is found by polling', async t => {
  const { store, openDirectory } = await setUp(t)
  const directory = await openDirectory(store, { pollMs: 5 })

  await insert(store, 'shop')

  await until(() => directory.get('shop') !== undefined)
})

test('a miss asks the store, one question for all who miss at the same time', async t => {
  const { store, openDirectory } = await setUp(t)
  let questions = 0
  const directory = await openDirectory({
    ...store,
    lastChange() {
      questions++
      return store.lastChange()
    },
  })
  await insert(store, 'shop')
  const before = questions

  const found = await Promise.all(Array.from({ length: 100 }, () => directory.lookup('shop')))

  assert.ok(found.every(bot => bot?.handler === 'echo'))
  assert.equal(questions - before, 1)
  assert.equal(await directory.lookup('nobody'), undefined)
})

test('while the store is away, known bots are served and a miss is an error rather than a no', async t => {
  const { store, openDirectory } = await setUp(t)
  await insert(store, 'shop')
  let away = false
  const directory = await openDirectory({
    ...store,
    lastChange: () => (away ? Promise.reject(new Error('away')) : store.lastChange()),
  })

  away = true

  assert.equal((await directory.lookup('shop'))?.id, 'shop')
  await assert.rejects(directory.lookup('other'), { code: 'CTL_UNAVAILABLE' })
  away = false
  assert.equal(await directory.lookup('other'), undefined)
})

test('a change is not acknowledged for a directory that has not loaded yet', async t => {
  const { store, redis, openDirectory } = await setUp(t)
  const gate = createLatch()
  const change = await insert(store, 'shop')
  const slowStore: BotStore = {
    ...store,
    async lastChange() {
      await gate.wait()
      return store.lastChange()
    },
  }

  const directory = await openDirectory(slowStore, { wait: false })
  await untilBehind(redis, change, 1)
  assert.equal(directory.ready, false)

  gate.open()
  assert.deepEqual(await announceBotChange({ redis, change, timeoutMs: 30_000 }), { status: 'acknowledged' })
  assert.equal(directory.ready, true)
})

test('a row that cannot be opened leaves its bot as it was and the others alone', async t => {
  const { db, store, redis, openDirectory } = await setUp(t)
  await insert(store, 'shop')
  const directory = await openDirectory(store)
  await sql`update bots set credentials = 'garbage'::bytea, version = 2 where id = 'shop'`.execute(db)
  await sql`update bot_changes set change = 2 where bot = 'shop'`.execute(db)
  const change = await insert(store, 'quiz')

  await announceBotChange({ redis, change, timeoutMs: 30_000 })

  assert.deepEqual(directory.get('shop')?.credentials, newBot('shop').credentials)
  assert.equal(directory.get('quiz')?.id, 'quiz')
})

test('a bot under a key that is missing here is not gone, and is there as soon as the key is', async t => {
  const { db, openDirectory } = await setUp(t)
  const k1 = randomBytes(32).toString('base64')
  const k2 = randomBytes(32).toString('base64')
  await insert(createBotStore(db, createKeyring({ active: 'k2', keys: { k2 } })), 'shop')
  const own = createKeyring({ active: 'k1', keys: { k1 } })
  const directory = await openDirectory(createBotStore(db, own))
  assert.equal(directory.isUnreadable('shop'), true)
  assert.equal(directory.isUnreadable('quiz'), false)
  await assert.rejects(directory.lookup('shop'), {
    code: 'CTL_UNAVAILABLE',
    message: /"shop".*"k2" is not in the keyring/,
  })
  assert.equal(await directory.lookup('quiz'), undefined)

  own.replace({ active: 'k1', keys: { k1, k2 } })
  directory.reread()

  await until(() => directory.get('shop') !== undefined)
  assert.equal(directory.isUnreadable('shop'), false)
})

test('a database restored from a backup is loaded anew', async t => {
  const { db, store, openDirectory } = await setUp(t)
  for (const id of ['one', 'two', 'three']) await insert(store, id)
  const directory = await openDirectory(store, { pollMs: 5 })
  assert.ok(directory.get('three'))

  await db.transaction().execute(async trx => {
    await trx.deleteFrom('bots').where('id', '!=', 'one').execute()
    await trx.deleteFrom('bot_changes').where('bot', '!=', 'one').execute()
  })

  await until(() => directory.get('three') === undefined)
  assert.ok(directory.get('one'))
})

test('nobody waits for a directory that was closed', async t => {
  const { store, redis, openDirectory } = await setUp(t)
  const directory = await openDirectory(store)
  await directory.close()

  const change = await insert(store, 'shop')

  assert.deepEqual(await announceBotChange({ redis, change, timeoutMs: 0 }), { status: 'acknowledged' })
})

test('a directory loads while Redis is away, and hears notices as soon as Redis is there', async t => {
  const db = await databases.migrated(t)
  const store = createBotStore(db, keyring)
  await insert(store, 'shop')
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  const commands = client(t, url, 'commands')
  const directory = open(t, store, { redis: client(t, url, 'subscriber'), commands, pollMs: 20 })

  await directory.whenReady()
  assert.ok(directory.get('shop'))
  const server = await startRedis({ port })
  t.after(() => server.stop())
  await until(() => commands.status === 'ready')

  const change = await insert(store, 'quiz')
  await announceBotChange({ redis: commands, change, timeoutMs: 0 })
  await until(() => directory.get('quiz') !== undefined)
})

async function setUp(t: TestContext) {
  const db = await databases.migrated(t)
  const server = await startRedis()
  t.after(() => server.stop())
  const redis = client(t, server.url, 'commands')
  await until(() => redis.status === 'ready')
  let subscribed = 0
  return {
    db,
    redis,
    store: createBotStore(db, keyring),
    async openDirectory(store: BotStore, { pollMs = neverMs, wait = true } = {}): Promise<BotDirectory> {
      const subscriber = client(t, server.url, 'subscriber')
      const directory = open(t, store, { redis: subscriber, commands: redis, pollMs })
      if (!wait) return directory
      await directory.whenReady()
      subscribed++
      await untilSubscribed(redis, subscribed)
      return directory
    },
  }
}

function open(t: TestContext, store: BotStore, options: { redis: Redis; commands: Redis; pollMs: number }) {
  const directory = createBotDirectory({ store, logger, ...options })
  t.after(() => directory.close())
  return directory
}

function client(t: TestContext, url: string, role: 'commands' | 'subscriber'): Redis {
  const redis = createRedis({ url, logger, name: 'test', role })
  t.after(() => redis.disconnect())
  return redis
}

async function insert(store: BotStore, id: string): Promise<number> {
  const result = await store.insert(newBot(id))
  assert.equal(result.status, 'created')
  return result.status === 'created' ? result.bot.version : 0
}

/** Looks until that many live directories have not acknowledged a change. */
async function untilBehind(redis: Redis, change: number, directories: number): Promise<void> {
  while ((await membersBehind(redis, botBus, change)).length !== directories) await delay(2)
}

/** A notice published before a directory has subscribed would be lost, and these tests hardly poll. */
async function untilSubscribed(redis: Redis, directories: number): Promise<void> {
  while (Number((await redis.pubsub('NUMSUB', botBus.channel))[1]) !== directories) await delay(2)
}
