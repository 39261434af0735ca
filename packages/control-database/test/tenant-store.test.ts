import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBotStore } from '../src/bots/bot-store.ts'
import { createTenantStore } from '../src/bots/tenant-store.ts'
import { controlDatabases, keyring, newBot } from './control-databases.ts'

const databases = controlDatabases()

test("a tenant's credentials come back to whom asks for them, and nothing of them stands in clear", async t => {
  const db = await databases.migrated(t)
  await createBotStore(db, keyring).insert(newBot('shop'))
  const tenants = createTenantStore(db, keyring)

  await tenants.set('shop', 'T1', { botToken: 'xoxb-one' })
  await tenants.set('shop', 'T2', { botToken: 'xoxb-two' })
  await tenants.set('shop', 'T1', { botToken: 'xoxb-new' })

  assert.deepEqual(await tenants.credentials('shop', 'T1'), { botToken: 'xoxb-new' })
  assert.equal(await tenants.credentials('shop', 'T9'), undefined)
  const rows = await db.selectFrom('bot_tenants').selectAll().execute()
  for (const row of rows) assert.ok(!row.credentials.includes('xoxb'))
  assert.deepEqual(
    (await tenants.list('shop', { limit: 1 })).map(({ tenant }) => tenant),
    ['T1'],
  )
  assert.deepEqual(
    (await tenants.list('shop', { after: 'T1', limit: 9 })).map(({ tenant }) => tenant),
    ['T2'],
  )
})

test('a change of a tenant is a change of its bot, which every process hears of', async t => {
  const db = await databases.migrated(t)
  const store = createBotStore(db, keyring)
  const tenants = createTenantStore(db, keyring)
  await store.insert(newBot('shop'))

  const set = await tenants.set('shop', 'T1', {})
  const removed = await tenants.remove('shop', 'T1')

  assert.deepEqual(
    [set, removed],
    [
      { status: 'changed', change: 2 },
      { status: 'changed', change: 3 },
    ],
  )
  assert.equal((await store.get('shop'))?.version, 3)
  assert.equal(await store.lastChange(), 3)
  assert.deepEqual(await tenants.remove('shop', 'T1'), { status: 'unknown' })
  assert.deepEqual(await tenants.set('nobody', 'T1', {}), { status: 'unknown' })
})

test('a removed bot takes its tenants with it', async t => {
  const db = await databases.migrated(t)
  const store = createBotStore(db, keyring)
  await store.insert(newBot('shop'))
  await createTenantStore(db, keyring).set('shop', 'T1', {})

  await store.remove('shop')

  assert.deepEqual(await db.selectFrom('bot_tenants').selectAll().execute(), [])
})
