import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import type { BroadcastResult } from '@botyard/queue-contracts'
import { createKeyring } from '@botyard/service-kit'
import { sql } from 'kysely'
import { createBotStore } from '../src/bots/bot-store.ts'
import { createBroadcastStore } from '../src/broadcasts/broadcast-store.ts'
import type { ControlDatabase } from '../src/database/control-database.ts'
import { controlDatabases, keyring, newBot } from './control-databases.ts'

const databases = controlDatabases()

async function setUp(t: TestContext) {
  const db = await databases.migrated(t)
  await createBotStore(db, keyring).insert(newBot('shop'))
  const store = createBroadcastStore(db, keyring)
  const id = await store.create('shop', { text: 'Sale today' })
  await store.addRecipients(id, 0, [{ conversation: '100' }, { conversation: '101', tenant: 'T1' }])
  await store.addRecipients(id, 2, [{ conversation: '102', route: { thread: '7' } }])
  const result = (n: number, outcome: BroadcastResult['outcome'], reason?: string): BroadcastResult => ({
    kind: 'broadcast-result',
    bot: 'shop',
    broadcast: id,
    n,
    outcome,
    atMs: 1_000,
    ...(reason !== undefined && { reason }),
  })
  return { db, store, id, result }
}

test('a broadcast runs only when all its recipients are there, and nothing of them stands in clear', async t => {
  const { db, store, id } = await setUp(t)

  assert.deepEqual((await store.lease('me', 5_000)).broadcasts, [])
  await store.start(id, 3, false)
  const [leased] = (await store.lease('me', 5_000)).broadcasts

  assert.deepEqual(leased?.message, { text: 'Sale today' })
  assert.deepEqual(await store.recipients(id, 1, 9), [
    { n: 1, conversation: '101', tenant: 'T1' },
    { n: 2, conversation: '102', route: { thread: '7' } },
  ])
  const rows = [
    ...(await db.selectFrom('broadcasts').select('message as bytes').execute()),
    ...(await db.selectFrom('broadcast_recipients').select('recipient as bytes').execute()),
  ]
  for (const { bytes } of rows) for (const text of ['Sale', '101', 'T1']) assert.ok(!bytes.includes(text))
})

test('one runner at a time: another takes it over when the lease has run out, and the first is told', async t => {
  const { db, store, id } = await setUp(t)
  await store.start(id, 3, false)
  await store.lease('first', 60_000)

  assert.deepEqual((await store.lease('second', 60_000)).broadcasts, [])
  assert.equal((await store.lease('first', 60_000)).broadcasts.length, 1)
  await db
    .updateTable('broadcasts')
    .set({ leased_until: new Date(0) })
    .execute()
  assert.equal((await store.lease('second', 60_000)).broadcasts.length, 1)

  assert.equal(await store.release(id, 'first', 2), false)
  assert.equal(await store.release(id, 'second', 2), true)
  assert.equal((await store.get('shop', id))?.released, 2)
})

test('a result counts once however often it comes, and the last one ends the broadcast', async t => {
  const { store, id, result } = await setUp(t)
  await store.start(id, 3, false)

  await store.record([result(0, 'sent'), result(1, 'failed', 'WRK_RECIPIENT_GONE')])
  await store.record([result(1, 'sent'), result(0, 'sent')])
  const before = await store.get('shop', id)
  await store.record([result(2, 'uncertain', 'WRK_SEND_UNCERTAIN')])
  const after = await store.get('shop', id)

  assert.deepEqual([before?.state, before?.sent, before?.failed], ['running', 1, 1])
  assert.deepEqual([after?.state, after?.sent, after?.failed, after?.uncertain], ['done', 1, 1, 1])
  assert.deepEqual(
    (await store.results(id, 0, 9)).map(({ n, conversation, outcome, reason }) => [
      n,
      conversation,
      outcome,
      reason,
    ]),
    [
      [0, '100', 'sent', null],
      [1, '101', 'failed', 'WRK_RECIPIENT_GONE'],
      [2, '102', 'uncertain', 'WRK_SEND_UNCERTAIN'],
    ],
  )
})

test('a page of results reads its own recipients, however many there are and whatever Postgres knows of them', async t => {
  const { db, store, id, result } = await setUp(t)
  const recipients = 20_000
  await sql`INSERT INTO broadcast_recipients (broadcast, n, recipient)
    SELECT ${id}, n, ''::bytea FROM generate_series(3, ${recipients - 1}::int) n`.execute(db)
  const read = async (trx: ControlDatabase) => {
    const { rows } = await sql<{
      n: string
    }>`SELECT seq_tup_read + idx_tup_fetch AS n FROM pg_stat_xact_user_tables
      WHERE relname = 'broadcast_recipients'`.execute(trx)
    return Number(rows[0]?.n)
  }

  // In one transaction, whose own statistics are exact.
  const tuples = await db.transaction().execute(async trx => {
    await createBroadcastStore(trx, keyring).record(
      Array.from({ length: 100 }, (_, i) => result(500 + i, 'sent')),
    )
    return read(trx)
  })

  assert.equal((await store.get('shop', id))?.sent, 100)
  assert.ok(tuples <= 1_000, `${tuples} tuples`)
})

test('a broadcast under a key that is missing here is named, and goes to who has the key once it is handed back', async t => {
  const { db, store, id } = await setUp(t)
  await store.start(id, 3, false)
  const other = createBroadcastStore(
    db,
    createKeyring({ active: 'k9', keys: { k9: randomBytes(32).toString('base64') } }),
  )

  const unable = await other.lease('unable', 60_000)
  const before = await store.lease('able', 60_000)
  await other.handBack(id, 'unable')
  const after = await store.lease('able', 60_000)

  assert.deepEqual(unable.broadcasts, [])
  assert.equal(unable.unreadable[0]?.id, id)
  assert.equal((unable.unreadable[0]!.cause as { code: string }).code, 'KEY_UNKNOWN')
  assert.deepEqual(before, { broadcasts: [], unreadable: [] })
  assert.equal(after.broadcasts[0]?.id, id)
})

test('pending are those without a result that may have left, of broadcasts that go on', async t => {
  const { store, id, result } = await setUp(t)
  await store.start(id, 3, false)
  await store.lease('me', 5_000)
  await store.release(id, 'me', 1)
  const numbers = async (ahead: number) =>
    (await store.pending('shop', ahead)).map(({ broadcast, n }) => [broadcast, n])

  assert.deepEqual(await numbers(1), [
    [id, 0],
    [id, 1],
  ])
  await store.record([result(0, 'sent')])
  assert.deepEqual(await numbers(0), [])
  assert.deepEqual(await store.pending('other', 9), [])
  await store.steer('shop', id, 'cancelled')
  assert.deepEqual(await numbers(9), [])
})

test('a broadcast is paused, resumed and cancelled, and an ended one stays as it is', async t => {
  const { store, id } = await setUp(t)
  await store.start(id, 3, true)

  assert.deepEqual((await store.lease('me', 5_000)).broadcasts, [])
  assert.equal((await store.steer('shop', id, 'running'))?.state, 'running')
  assert.equal((await store.lease('me', 5_000)).broadcasts.length, 1)
  assert.equal((await store.steer('shop', id, 'cancelled'))?.state, 'cancelled')
  assert.equal(await store.release(id, 'me', 3), false)
  assert.equal(await store.steer('shop', id, 'running'), undefined)
  assert.equal(await store.steer('other', id, 'running'), undefined)
})

test('what ended long ago goes, with its recipients, and so does an upload that broke off', async t => {
  const { db, store, id } = await setUp(t)
  await store.start(id, 0, false)
  await store.create('shop', { text: 'never finished' })
  const running = await store.create('shop', { text: 'goes on' })
  await store.start(running, 1, false)

  assert.equal(await store.prune(new Date(Date.now() + 60_000)), 2)

  assert.deepEqual(
    (await store.list('shop', 9)).map(({ id }) => id),
    [running],
  )
  assert.deepEqual(await db.selectFrom('broadcast_recipients').selectAll().execute(), [])
})
