import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { countDeletions } from '@botyard/control-database/testing'
import { sql } from 'kysely'
import { attachFence } from '../../src/fence/attach-fence.ts'
import type { ShardDatabase } from '../../src/shard-schema.ts'
import { eraseUsers } from '../../src/stores/erase-users.ts'
import { shardRigs } from '../shard-rig.ts'

const rigs = shardRigs()
const erased = { platform: 'telegram', scope: 'shop' }

/** A shard on which users of the bot `shop` live. */
async function shardOf(t: TestContext, users = 1): Promise<ShardDatabase> {
  const db = (await rigs.build(t)).db('shard-1')
  await sql`insert into users (user_key, platform, scope, user_id)
    select n, 'telegram', 'shop', n::text from generate_series(1, ${users}::int) n`.execute(db)
  return db
}

/** Makes a table of a bot's own. */
async function addTable(db: ShardDatabase, name: string): Promise<void> {
  await sql`create table ${sql.id(name)} (user_key bigint, n int, primary key (user_key, n))`.execute(db)
  await attachFence(db, name)
}

async function countOf(db: ShardDatabase, table: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.id(table)}`.execute(db)
  return rows[0]!.n
}

test('no statement deletes more than 1,000 rows, however many each user has', async t => {
  const db = await shardOf(t, 20)
  await addTable(db, 'visits')
  await sql`insert into visits select u, n from generate_series(1, 20) u, generate_series(1, 300) n`.execute(
    db,
  )
  const statements = await countDeletions(db, 'visits')
  let told = 0

  const outcome = await eraseUsers(db, erased, async rows => {
    told += rows
    return true
  })

  assert.equal(outcome, 'done')
  assert.deepEqual([await countOf(db, 'visits'), await countOf(db, 'users')], [0, 0])
  assert.equal(told, 20 * 300 + 20)
  const most = Math.max(...(await statements()))
  assert.ok(most <= 1_000, `${most} rows in one statement`)
})

test('rows of a run that breaks off are found by the next, whatever their table is called', async t => {
  const db = await shardOf(t)
  for (const name of ['Visits', 'zones']) {
    await addTable(db, name)
    await sql`insert into ${sql.id(name)} values (1, 1)`.execute(db)
  }

  // Breaks off behind the first batch, then behind the second, and so on.
  for (let runs = 0; (await eraseUsers(db, erased, async () => false)) === 'stopped'; runs++) {
    assert.ok(runs < 9, 'never done')
  }

  assert.deepEqual([await countOf(db, 'Visits'), await countOf(db, 'zones')], [0, 0])
})

test('rows that others refer to go after those, whatever their tables are called', async t => {
  const db = await shardOf(t)
  const tables = ['accounts', 'orders', 'payments']
  for (const [i, table] of tables.entries()) {
    await addTable(db, table)
    await sql`insert into ${sql.id(table)} values (1, 1)`.execute(db)
    const target = tables[i - 1]
    if (target === undefined) continue
    const refers = sql`add foreign key (user_key, n) references ${sql.id(target)}`
    await sql`alter table ${sql.id(table)} ${refers}`.execute(db)
  }

  const outcome = await eraseUsers(db, erased, async () => true)

  assert.equal(outcome, 'done')
  for (const table of tables) assert.equal(await countOf(db, table), 0)
})
