import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { postgresFaults, startFaultyLink } from '@botyard/testkit'
import { sql } from 'kysely'
import { createControlDatabase } from '../src/database/control-database.ts'
import { isControlDatabaseAway } from '../src/database/is-control-database-away.ts'
import { controlDatabases, logger } from './control-databases.ts'

const databases = controlDatabases()

/**
 * A control database behind a link that fails on demand, on one connection so that a broken one cannot hide.
 */
async function rig(t: TestContext, { queryTimeoutMs = 7_000 } = {}) {
  const url = await databases.create()
  const faults = await postgresFaults(url)
  t.after(() => faults.close())
  const link = await startFaultyLink(Number(new URL(url).port))
  const db = createControlDatabase({ url: link.url(url), poolSize: 1, logger, queryTimeoutMs })
  t.after(async () => {
    await db.destroy()
    await link.close()
  })
  await sql`create table things (id int)`.execute(db)
  return { db, faults, link, ask: () => sql<{ one: number }>`select 1 as one`.execute(db) }
}

test('a connection that Postgres ends while its query waits for a lock fails that query and nothing else', async t => {
  const { db, faults, ask } = await rig(t)
  const unlock = await faults.lockTable('things')

  const waiting = sql`insert into things values (1)`.execute(db).then(
    () => assert.fail('the insert was answered'),
    error => error,
  )
  await faults.untilWaiting()
  await faults.endConnections({ waiting: true })

  assert.ok(isControlDatabaseAway(await waiting))
  await unlock()
  assert.equal((await ask()).rows[0]?.one, 1)
})

test('a connection whose query was not answered in time is not used again', async t => {
  const { link, ask } = await rig(t, { queryTimeoutMs: 500 })
  await ask()

  link.halfOpen()
  await assert.rejects(ask(), /Query read timeout/)

  assert.equal((await ask()).rows[0]?.one, 1)
})

test('a transaction whose query was not answered in time ends at once, without a rollback on the dead connection', async t => {
  const { db, link, ask } = await rig(t, { queryTimeoutMs: 500 })
  let asked = 0

  await assert.rejects(
    db.transaction().execute(async trx => {
      link.halfOpen()
      for (;;) {
        asked++
        await sql`select 1`.execute(trx)
      }
    }),
    /Query read timeout/,
  )

  assert.equal(asked, 1)
  assert.equal((await ask()).rows[0]?.one, 1)
})

test('a database that refuses connections is tried with growing pauses, and serves when it is back', async t => {
  const { link, ask } = await rig(t)
  link.refuse()
  const before = link.refused

  for (let i = 0; i < 500; i++) await assert.rejects(ask())
  assert.ok(link.refused - before < 50, `${link.refused - before} connections were tried`)

  link.heal()
  for (;;) {
    const answer = await ask().catch(() => undefined)
    if (answer === undefined) continue
    assert.equal(answer.rows[0]?.one, 1)
    break
  }
})

test('closing does not wait for a server that is out of reach', async t => {
  const url = await databases.create()
  const link = await startFaultyLink(Number(new URL(url).port))
  t.after(() => link.close())
  const db = createControlDatabase({ url: link.url(url), poolSize: 1, logger })
  await sql`select 1`.execute(db)

  link.halfOpen()

  await db.destroy()
})
