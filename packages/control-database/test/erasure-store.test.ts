import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { createBotStore } from '../src/bots/bot-store.ts'
import { createErasureStore, erasureWaitMs } from '../src/bots/erasure-store.ts'
import { createDeadLetterStore } from '../src/dead-letter-store.ts'
import { controlDatabases, countDeletions, keyring, newBot } from './control-databases.ts'

const databases = controlDatabases()
const scanned = { mapVersion: 1, shards: ['shard-1', 'shard-2'] }

/** A bot that was removed with an order to erase, `ago` ms ago, and two shards under the first map. */
async function setUp(t: TestContext, { ago = erasureWaitMs } = {}) {
  const db = await databases.migrated(t)
  const bots = createBotStore(db, keyring)
  await bots.insert(newBot('shop'))
  const removed = await bots.remove('shop')
  assert.ok(removed.status === 'removed')
  for (const id of scanned.shards) {
    await db
      .insertInto('shards')
      .values({ id, hosts: Buffer.from(''), version: 1 })
      .execute()
  }
  await db.insertInto('shard_map').values({ version: 1, ranges: '[]', reason: 'first' }).execute()
  const erasures = createErasureStore(db)
  const { id } = await erasures.order(removed.bot)
  await sql`update erasures set requested_at = now() - ${ago} * interval '1 millisecond'`.execute(db)
  /** Begins a move of a range. */
  const beginMove = () =>
    db
      .insertInto('shard_moves')
      .values({
        ...{ id: 'm', source: 'shard-1', target: 'shard-2', from_key: '0', to_key: '9' },
        ...{ step: 'check', state: 'running' },
      })
      .execute()
  return { db, erasures, id, change: removed.change, beginMove }
}

test('an erasure waits until no handler of the bot can be under way any more, and says from when', async t => {
  const { db, erasures, id, change } = await setUp(t, { ago: erasureWaitMs - 60_000 })

  const early = await erasures.lease('me', 60_000)
  const [waiting] = await erasures.list(1)
  await sql`update erasures set requested_at = requested_at - interval '1 minute'`.execute(db)
  const due = await erasures.lease('me', 60_000)

  assert.equal(early, undefined)
  assert.equal(waiting!.startsAt.getTime() - waiting!.requestedAt.getTime(), erasureWaitMs)
  assert.deepEqual([due?.id, due?.change], [id, change])
})

test('no erasure begins while a range of users moves', async t => {
  const { db, erasures, id, beginMove } = await setUp(t)
  await beginMove()

  const moving = await erasures.lease('me', 60_000)
  await db.updateTable('shard_moves').set({ state: 'cancelled' }).execute()
  const after = await erasures.lease('me', 60_000)

  assert.equal(moving, undefined)
  assert.equal(after?.id, id)
})

test('an erasure is done only if no user can have been where it had looked already, or never did', async t => {
  const { db, erasures, id, beginMove } = await setUp(t)
  await erasures.lease('me', 60_000)
  const finish = (changed = {}, runner = 'me') => erasures.finish(id, runner, { ...scanned, ...changed })

  assert.equal(await finish({}, 'somebody'), false)
  assert.equal(await finish({ mapVersion: 0 }), false, 'the map has changed')
  assert.equal(await finish({ shards: ['shard-1'] }), false, 'a shard was not looked at')
  await beginMove()
  assert.equal(await finish(), false, 'a range moves')
  await db.updateTable('shard_moves').set({ state: 'done' }).execute()
  assert.equal((await erasures.list(1))[0]?.doneAt, null)
  assert.equal(await finish(), true)
  assert.notEqual((await erasures.list(1))[0]?.doneAt, null)
})

test('an erasure ends however many dead letters the bot had, 1,000 a statement', async t => {
  const { db, erasures, id } = await setUp(t)
  await sql`insert into dead_letters
      (id, bot, conversation, reason, envelope, tries, accepted_at, died_at)
    select 'l' || n, 'shop', 'c', 'X', ''::bytea, 1, now() - interval '2 days', now()
      from generate_series(1, 2500) n
    union all select 'other', 'other', 'c', 'X', '', 1, now() - interval '2 days', now()`.execute(db)
  const statements = await countDeletions(db, 'dead_letters')
  await erasures.lease('me', 60_000)

  assert.equal(await erasures.finish(id, 'me', scanned), true)

  const left = await createDeadLetterStore(db).list({ limit: 9 })
  assert.deepEqual(
    left.map(letter => letter.id),
    ['other'],
  )
  const most = Math.max(...(await statements()))
  assert.ok(most <= 1_000, `${most} rows in one statement`)
})
