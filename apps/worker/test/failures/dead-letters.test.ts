import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  type ControlDatabase,
  createControlDatabase,
  createDeadLetterStore,
  type DeadLetterStore,
  migrateControl,
} from '@botyard/control-database'
import { letterErrorContext } from '@botyard/queue-contracts'
import { createKeyring } from '@botyard/service-kit'
import { startPostgres, type TestPostgres } from '@botyard/testkit'
import { pino } from 'pino'
import { rig, until } from '../helper.ts'

const logger = pino({ level: 'silent' })
let postgres: TestPostgres
let db: ControlDatabase
let store: DeadLetterStore

before(async () => {
  postgres = await startPostgres()
  db = createControlDatabase({ url: postgres.url, poolSize: 2, logger })
  await migrateControl(db, logger)
  store = createDeadLetterStore(db)
})
after(async () => {
  await db.destroy()
  await postgres.stop()
})

const poison = {
  settings: { tries: 1 },
  onMessage() {
    throw new Error('private text of a user')
  },
}

test('dead letters reach the control database sealed, without what users wrote', async t => {
  const { start, deliver, conversation, redis, keyring } = await rig(t, { first: poison })
  await start({ deadLetterStore: store })

  for (const text of ['one', 'two']) await deliver(7, text)
  await until(async () => (await store.list({ bot: 'first', limit: 10 })).length === 2)
  await until(async () => (await redis.llen('{p0}:dead')) === 0)

  const rows = await db.selectFrom('dead_letters').selectAll().where('bot', '=', 'first').execute()
  assert.deepEqual(new Set(rows.map(row => row.reason)), new Set(['WRK_HANDLER_FAILED']))
  const texts = rows.map(({ id, envelope }) => {
    const plaintext = keyring.open(envelope, `${conversation(7)}|${id.split('/').at(-1)}`).toString()
    return /"text":"(\w+)"/.exec(plaintext)?.[1]
  })
  assert.deepEqual(texts.sort(), ['one', 'two'])
  assert.doesNotMatch(JSON.stringify(rows), /private text/)
  for (const { id, error } of rows) {
    assert.match(
      keyring.open(error!, letterErrorContext(id)).toString(),
      /^Error: private text of a user\n {4}at /,
    )
  }
  const stranger = createKeyring({ active: 'k1', keys: { k1: Buffer.alloc(32).toString('base64') } })
  assert.throws(() => stranger.open(rows[0]!.envelope, `${conversation(7)}|x`))
})

test('a mover that died between copy and removal is repeated, and each letter is stored once', async t => {
  const { start, deliver, redis } = await rig(t, { second: poison })
  let copies = 0
  const dying: DeadLetterStore = {
    ...store,
    async insert(letters) {
      await store.insert(letters)
      if (++copies === 1) throw new Error('died after the copy')
    },
  }
  await start({ deadLetterStore: dying })

  for (const text of ['one', 'two', 'three']) await deliver(7, text)
  await until(async () => copies >= 2 && (await store.list({ bot: 'second', limit: 10 })).length === 3)
  await until(async () => (await redis.llen('{p0}:dead')) === 0)

  const rows = await db.selectFrom('dead_letters').select('id').where('bot', '=', 'second').execute()
  assert.equal(rows.length, 3)
  assert.equal(new Set(rows.map(({ id }) => id)).size, 3)
})

test('while the control database is away dead letters wait in Redis, and the bots go on', async t => {
  const { start, deliver, api, redis } = await rig(t, {
    third: {
      settings: { tries: 1 },
      onMessage: ctx => (ctx.text === 'bad' ? poison.onMessage() : ctx.reply(ctx.text)),
    },
  })
  let away = true
  const refused: number[] = []
  const deadLetters: DeadLetterStore = {
    ...store,
    async insert(letters) {
      if (!away) return store.insert(letters)
      refused.push(letters.length)
      throw new Error('connection refused')
    },
  }
  await start({ deadLetterStore: deadLetters })

  for (const text of ['bad', 'good']) await deliver(7, text)
  await until(() => api.sent.length === 1 && refused.length > 0)
  const kept = await redis.llen('{p0}:dead')
  away = false
  await until(async () => (await store.list({ bot: 'third', limit: 10 })).length === 1)

  assert.equal(kept, 1)
  assert.deepEqual(api.textsOf(7), ['good'])
})

test('mail that a removed bot left is given up, and the new bot of the same id hears nothing of it', async t => {
  const heard: string[] = []
  const { start, deliver, directory, letters } = await rig(t, {
    shop: { onMessage: ctx => heard.push(ctx.text) },
  })
  await deliver(7, 'for the old bot')
  directory.set('shop', {
    ...directory.get('shop')!,
    uid: 'new',
    recreated: true,
    createdAt: new Date(Date.now() + 60_000),
  })
  await start()
  await until(() => letters.length === 1)

  directory.set('shop', { ...directory.get('shop')!, createdAt: new Date(0) })
  await deliver(7, 'for the new bot')
  await until(() => heard.length === 1)

  assert.deepEqual(heard, ['for the new bot'])
  assert.equal(letters[0]?.reason, 'WRK_BOT_GONE')
})
