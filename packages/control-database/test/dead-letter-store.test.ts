import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { createDeadLetterStore } from '../src/dead-letter-store.ts'
import { controlDatabases, countDeletions } from './control-databases.ts'

const databases = controlDatabases()

test('any number of old dead letters goes, 1,000 a statement', async t => {
  const db = await databases.migrated(t)
  const letters = createDeadLetterStore(db)
  await sql`insert into dead_letters
      (id, bot, conversation, reason, envelope, tries, accepted_at, died_at)
    select 'l' || n, 'shop', 'c', 'X', ''::bytea, 1, now(), now() - interval '2 days'
      from generate_series(1, 2500) n
    union all select 'young', 'shop', 'c', 'X', '', 1, now(), now() + interval '1 day'`.execute(db)
  const statements = await countDeletions(db, 'dead_letters')

  const pruned = await letters.prune(new Date())

  assert.equal(pruned, 2_500)
  assert.deepEqual(
    (await letters.list({ limit: 9 })).map(({ id }) => id),
    ['young'],
  )
  const most = Math.max(...(await statements()))
  assert.ok(most <= 1_000, `${most} rows in one statement`)
})
