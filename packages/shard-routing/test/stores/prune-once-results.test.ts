import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { countDeletions } from '@botyard/control-database/testing'
import { sql } from 'kysely'
import { createOnceResultStore, pruneOnceResults } from '../../src/stores/once-result-store.ts'
import { shardRigs } from '../shard-rig.ts'

const rigs = shardRigs()
const inAMinute = () => new Date(Date.now() + 60_000)

const newWrite = () => ({ update: randomBytes(16), name: 'step' })

test('old results are pruned, but not those of keys that the shard does not own', async t => {
  const db = (await rigs.build(t)).db('shard-1')
  const steps = createOnceResultStore(db, 7n)
  for (let i = 0; i < 3; i++) await steps.insert(newWrite(), i)

  assert.equal(await pruneOnceResults(db, new Date(Date.now() - 60_000)), 0)
  assert.equal(await pruneOnceResults(db, inAMinute()), 3)

  await steps.insert(newWrite(), 1)
  await db.updateTable('owned_ranges').set({ state: 'fenced' }).execute()
  assert.equal(await pruneOnceResults(db, inAMinute()), 0)
})

test('any number of old results goes, 1,000 a statement', async t => {
  const db = (await rigs.build(t)).db('shard-1')
  const old = 2_500
  // Many of one time, and some to stay.
  await sql`insert into once_results (user_key, update_id, name, result, at)
    select n, '\\x00', 'step', '1', now() - interval '8 days' - interval '1 second' * (n / 700)
    from generate_series(1, ${old}::int) n`.execute(db)
  await createOnceResultStore(db, 7n).insert(newWrite(), 'young')
  const statements = await countDeletions(db, 'once_results')

  const pruned = await pruneOnceResults(db, new Date(Date.now() - 7 * 24 * 60 * 60 * 1000))

  assert.equal(pruned, old)
  assert.equal((await db.selectFrom('once_results').selectAll().execute()).length, 1)
  const most = Math.max(...(await statements()))
  assert.ok(most <= 1_000, `${most} rows in one statement`)
})
