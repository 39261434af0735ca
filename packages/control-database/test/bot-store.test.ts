import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { createBotStore } from '../src/bots/bot-store.ts'
import { isControlDatabaseAway } from '../src/database/is-control-database-away.ts'
import { controlDatabases, keyring, newBot } from './control-databases.ts'

const databases = controlDatabases()

test('a stored bot comes back whole, and its profile without credentials', async t => {
  const store = createBotStore(await databases.migrated(t), keyring)
  const bot = newBot('shop', { settings: { tries: 3, userLimit: { perSecond: 0.5, burst: 5 } } })

  const created = await store.insert(bot)

  assert.equal(created.status, 'created')
  const { bots } = await store.changesSince(0)
  assert.equal(bots.length, 1)
  const { createdAt, updatedAt, version, uid, recreated, ...rest } = bots[0]!
  assert.deepEqual(rest, bot)
  assert.ok(uid !== 'shop' && !recreated)
  assert.ok(createdAt instanceof Date && updatedAt instanceof Date && version === 1)
  for (const profile of [await store.get('shop'), ...(await store.list())])
    assert.ok(profile && profile.handler === 'echo' && !('credentials' in profile))
})

test('nothing of the credentials stands in clear in the table', async t => {
  const db = await databases.migrated(t)
  await createBotStore(db, keyring).insert(newBot('shop'))

  const { credentials, ...rest } = await db.selectFrom('bots').selectAll().executeTakeFirstOrThrow()

  for (const secret of ['shop-token', 'sesame', 'webhookSecret'])
    assert.ok(!credentials.includes(secret) && !JSON.stringify(rest).includes(secret), secret)
})

test("an envelope copied into another bot's row does not open there", async t => {
  const db = await databases.migrated(t)
  const store = createBotStore(db, keyring)
  await store.insert(newBot('mine'))
  await store.insert(newBot('theirs'))
  await sql`update bots set credentials = (select credentials from bots where id = 'theirs') where id = 'mine'`.execute(
    db,
  )

  const { bots, unreadable } = await store.changesSince(0)

  assert.deepEqual(
    bots.map(bot => bot.id),
    ['theirs'],
  )
  assert.deepEqual(
    unreadable.map(({ id, cause }) => [id, (cause as { code: string }).code]),
    [['mine', 'KEY_TAMPERED']],
  )
})

test('an id is taken once, also when two ask at the same time', async t => {
  const store = createBotStore(await databases.migrated(t), keyring)

  const results = await Promise.all([store.insert(newBot('shop')), store.insert(newBot('shop'))])

  assert.deepEqual(results.map(result => result.status).sort(), ['created', 'exists'])
  assert.equal(await store.lastChange(), 1)
})

test('a patch replaces what it names and keeps the rest', async t => {
  const store = createBotStore(await databases.migrated(t), keyring)
  await store.insert(newBot('shop', { settings: { tries: 3 } }))

  assert.equal((await store.update('shop', { handler: 'quiz' })).status, 'changed')
  assert.equal((await store.update('shop', { settings: { poison: 'park' } })).status, 'changed')

  const { bots } = await store.changesSince(0)
  const { handler, settings, credentials, version } = bots[0]!
  assert.deepEqual(
    { handler, settings, credentials, version },
    { handler: 'quiz', settings: { poison: 'park' }, credentials: newBot('shop').credentials, version: 3 },
  )
})

test('what a platform tells of a bot adds up, is a change, and goes with the credentials', async t => {
  const store = createBotStore(await databases.migrated(t), keyring)
  await store.insert(newBot('shop'))
  assert.deepEqual(await store.unidentified(['telegram']), [{ id: 'shop', platform: 'telegram', version: 1 }])
  assert.deepEqual(await store.unidentified(['slack']), [])

  assert.equal((await store.identify({ id: 'shop', version: 1 }, { user: '7' })).status, 'changed')
  assert.equal((await store.identify({ id: 'shop', version: 2 }, { name: 'shop_bot' })).status, 'changed')

  const { bots } = await store.changesSince(2)
  assert.deepEqual(bots[0]?.identity, { user: '7', name: 'shop_bot' })
  assert.deepEqual(await store.unidentified(['telegram']), [])
  await store.update('shop', { handler: 'quiz' })
  assert.deepEqual((await store.get('shop'))?.identity, { user: '7', name: 'shop_bot' })
  await store.update('shop', { credentials: { token: 'new' } })
  assert.equal((await store.get('shop'))?.identity, undefined)
})

test('what is known already is no change, and what was learned of an older version is not taken', async t => {
  const store = createBotStore(await databases.migrated(t), keyring)
  await store.insert(newBot('shop'))
  await store.identify({ id: 'shop', version: 1 }, { user: '7', name: 'shop_bot' })

  assert.equal((await store.identify({ id: 'shop', version: 2 }, { user: '7' })).status, 'unchanged')
  assert.equal((await store.identify({ id: 'shop', version: 1 }, { user: '8' })).status, 'superseded')
  assert.equal((await store.identify({ id: 'gone', version: 1 }, { user: '8' })).status, 'superseded')
  assert.equal(await store.lastChange(), 2)
})

test('what is not there can be neither changed nor removed', async t => {
  const store = createBotStore(await databases.migrated(t), keyring)

  assert.deepEqual(await store.update('nobody', { handler: 'quiz' }), { status: 'unknown' })
  assert.deepEqual(await store.remove('nobody'), { status: 'unknown' })
  assert.equal(await store.lastChange(), 0)
})

test('a removal is a change of its own, and the id is given again only on purpose', async t => {
  const store = createBotStore(await databases.migrated(t), keyring)
  await store.insert(newBot('shop'))

  const removed = await store.remove('shop')

  assert.ok(removed.status === 'removed' && removed.change === 2 && removed.bot.id === 'shop')

  assert.deepEqual(await store.changesSince(1), { change: 2, bots: [], removed: ['shop'], unreadable: [] })
  assert.equal((await store.insert(newBot('shop'))).status, 'removed-before')
  assert.equal((await store.insert(newBot('shop'), { reuse: true })).status, 'created')
  assert.equal(await store.lastChange(), 3)
})

test('who follows the change numbers misses none of many concurrent writes', async t => {
  const db = await databases.migrated(t)
  const store = createBotStore(db, keyring)
  const ids = Array.from({ length: 40 }, (_, i) => `bot-${i}`)
  let writing = true
  const writes = Promise.all(ids.map(id => store.insert(newBot(id)))).finally(() => {
    writing = false
  })

  const seen: string[] = []
  let change = 0
  for (let last = false; !last; ) {
    last = !writing
    const changes = await store.changesSince(change)
    seen.push(...changes.bots.map(bot => bot.id))
    change = changes.change
  }
  await writes

  assert.deepEqual(seen.toSorted(), ids.toSorted())
})

test('a write within a transaction that fails leaves no trace, not even a change number', async t => {
  const db = await databases.migrated(t)
  const store = createBotStore(db, keyring)

  const failed = db.transaction().execute(async trx => {
    await createBotStore(trx, keyring).insert(newBot('shop'))
    throw new Error('on second thought')
  })

  await assert.rejects(failed, /second thought/)
  assert.equal(await store.get('shop'), undefined)
  assert.equal(await store.lastChange(), 0)
})

test('a database that is away is told from a wrong query', async t => {
  const away = databases.open(t, 'postgres://postgres@127.0.0.1:1/none')
  const unmigrated = databases.open(t, await databases.create())

  await assert.rejects(createBotStore(away, keyring).list(), isControlDatabaseAway)
  await assert.rejects(createBotStore(unmigrated, keyring).list(), error => !isControlDatabaseAway(error))
})
