import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { createBotStore } from '../src/bots/bot-store.ts'
import { removeBroadcastsOf } from '../src/broadcasts/broadcast-removals.ts'
import { createBroadcastStore } from '../src/broadcasts/broadcast-store.ts'
import type { ControlDatabase } from '../src/database/control-database.ts'
import { controlDatabases, countDeletions, keyring, newBot } from './control-databases.ts'

const databases = controlDatabases()
const recipients = 12_000

/** Broadcasts with many recipients, of which `open` at the end have no result. */
async function setUp(t: TestContext) {
  const db = await databases.migrated(t)
  await createBotStore(db, keyring).insert(newBot('shop'))
  const store = createBroadcastStore(db, keyring)
  const upload = async ({ open = 0 } = {}) => {
    const id = await store.create('shop', { text: 'Sale today' })
    const done = recipients - open
    await sql`insert into broadcast_recipients (broadcast, n, recipient, outcome)
      select ${id}, n, '', 'sent' from generate_series(0, ${done - 1}::int) n`.execute(db)
    await store.addRecipients(
      id,
      done,
      Array.from({ length: open }, () => ({ conversation: '1' })),
    )
    return id
  }
  return { db, store, upload }
}

/** All recipients are gone, and no statement took more than 5,000. */
async function checkGone(db: ControlDatabase, statements: () => Promise<number[]>): Promise<void> {
  assert.deepEqual(await db.selectFrom('broadcast_recipients').select('n').limit(1).execute(), [])
  const most = Math.max(...(await statements()))
  assert.ok(most <= 5_000, `${most} recipients in one statement`)
}

test('what ended long ago and uploads that broke off go page by page', async t => {
  const { db, store, upload } = await setUp(t)
  const ended = await upload()
  await store.start(ended, recipients, false)
  await store.steer('shop', ended, 'cancelled')
  await upload()
  const statements = await countDeletions(db, 'broadcast_recipients')

  const pruned = await store.prune(new Date(Date.now() + 60_000))

  assert.equal(pruned, 2)
  await checkGone(db, statements)
})

test('an upload that broke off goes page by page, and one that has started stays', async t => {
  const { db, store, upload } = await setUp(t)
  const broken = await upload()
  const started = await store.create('shop', { text: 'Sale today' })
  await store.start(started, 1, true)
  const statements = await countDeletions(db, 'broadcast_recipients')

  await store.abandon(started)
  await store.abandon(broken)

  assert.deepEqual(
    (await store.list('shop', 9)).map(({ id, state }) => [id, state]),
    [[started, 'paused']],
  )
  await checkGone(db, statements)
  await assert.rejects(store.start(broken, recipients, false))
})

test('the broadcasts of a bot go page by page, running or not', async t => {
  const { db, store, upload } = await setUp(t)
  await upload()
  const running = await upload({ open: 9 })
  await store.start(running, recipients, false)
  const statements = await countDeletions(db, 'broadcast_recipients')

  await removeBroadcastsOf(db, 'shop')

  assert.deepEqual(await store.list('shop', 9), [])
  assert.equal((await createBotStore(db, keyring).remove('shop')).status, 'removed')
  await checkGone(db, statements)
})

test('who looks for recipients without a result reads those alone, whatever Postgres knows of them', async t => {
  const { db, store, upload } = await setUp(t)
  const id = await upload({ open: 9 })
  await store.start(id, recipients, false)
  await store.lease('me', 60_000)
  await store.release(id, 'me', recipients)

  // In one transaction, whose own statistics are exact.
  const read = await db.transaction().execute(async trx => {
    const inside = createBroadcastStore(trx, keyring)
    assert.equal((await inside.pending('shop', 0)).length, 9)
    assert.equal((await inside.outstanding(id, recipients, 5)).length, 5)
    const { rows } = await sql<{ n: number }>`
      select (seq_tup_read + idx_tup_fetch)::int as n from pg_stat_xact_user_tables
      where relname = 'broadcast_recipients'`.execute(trx)
    return rows[0]!.n
  })

  assert.ok(read <= 100, `${read} recipients read`)
})
