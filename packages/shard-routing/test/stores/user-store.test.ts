import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import type { ShardDatabase } from '../../src/shard-schema.ts'
import { createOnceResultStore } from '../../src/stores/once-result-store.ts'
import { createStateStore } from '../../src/stores/state-store.ts'
import { type UserName, userKey } from '../../src/stores/user-key.ts'
import { createUserStore } from '../../src/stores/user-store.ts'
import type { WriteId } from '../../src/stores/write-id.ts'
import { shardRigs } from '../shard-rig.ts'

const rigs = shardRigs()

/** Lives on shard-1. */
const ada: UserName = { platform: 'telegram', scope: 'shop', user: '42' }
const key = userKey(ada)

const newWrite = (name = 'user#1'): WriteId => ({ update: randomBytes(16), name })

test('of several first contacts at once one is the first', async t => {
  const users = createUserStore((await rigs.build(t)).db('shard-1'))

  const met = await Promise.all(Array.from({ length: 8 }, (_, i) => users.meet(ada, { n: i })))

  assert.equal(met.filter(({ first }) => first).length, 1)
  for (const { user } of met) assert.deepEqual(user, met[0]!.user)
  assert.deepEqual([met[0]!.user.version, met[0]!.user.key], [1, key])
  assert.equal((await users.meet(ada)).first, false)
})

test('users whose keys collide are two users', async t => {
  const db = (await rigs.build(t)).db('shard-1')
  const users = createUserStore(db)
  await users.meet(ada, { lang: 'en' })
  const other = { user_key: key, platform: 'viber', scope: 'shop', user_id: 'x' }
  await db.insertInto('users').values(other).execute()

  await users.update(ada, { profile: { lang: 'de' } })

  const rows = await db.selectFrom('users').select(['user_id', 'profile']).orderBy('user_id').execute()
  assert.deepEqual(rows, [
    { user_id: '42', profile: { lang: 'de' } },
    { user_id: 'x', profile: {} },
  ])
})

test('of two updates that expect the same version one is outdated', async t => {
  const users = createUserStore((await rigs.build(t)).db('shard-1'))
  await users.meet(ada)

  const results = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      users.update(ada, { profile: { n: i }, expected: 1, write: newWrite() }),
    ),
  )

  assert.deepEqual(results.map(result => result.status).sort(), [...Array(7).fill('outdated'), 'updated'])
  const user = (await users.read(ada))!
  assert.equal(user.version, 2)
  assert.deepEqual(
    results.find(result => result.status === 'updated'),
    { status: 'updated', user },
  )
})

test('a second run of an update is recognised, also at the same time and after others have written', async t => {
  const users = createUserStore((await rigs.build(t)).db('shard-1'))
  await users.meet(ada)
  const write = newWrite()

  const runs = await Promise.all(
    Array.from({ length: 8 }, () => users.update(ada, { profile: { n: 1 }, write })),
  )
  await users.update(ada, { profile: { n: 2 }, write: newWrite() })
  const late = await users.update(ada, { profile: { n: 1 }, write })
  const stale = await users.update(ada, { profile: { n: 1 }, expected: 1, write })

  assert.deepEqual(runs.map(run => run.status).sort(), [...Array(7).fill('repeated'), 'updated'])
  assert.deepEqual([late.status, stale.status], ['repeated', 'repeated'])
  const user = (await users.read(ada))!
  assert.deepEqual([user.profile, user.version], [{ n: 2 }, 3])
})

test('two writes of one update are both done', async t => {
  const users = createUserStore((await rigs.build(t)).db('shard-1'))
  await users.meet(ada)
  const { update } = newWrite()

  await users.update(ada, { profile: { n: 1 }, write: { update, name: 'user#1' } })
  await users.update(ada, { profile: { n: 2 }, write: { update, name: 'user#2' } })

  assert.deepEqual((await users.read(ada))?.profile, { n: 2 })
})

test('a write that is not done leaves no claim: the next run does it', async t => {
  const users = createUserStore((await rigs.build(t)).db('shard-1'))
  const write = newWrite()

  assert.deepEqual(await users.update(ada, { profile: { n: 1 }, write }), { status: 'unknown' })
  await users.meet(ada)
  assert.deepEqual(await users.update(ada, { profile: { n: 1 }, expected: 9, write }), { status: 'outdated' })
  assert.equal((await users.update(ada, { profile: { n: 1 }, expected: 1, write })).status, 'updated')
})

test('state is set, read, changed under an expected version and deleted, of each owner for itself', async t => {
  const db = (await rigs.build(t)).db('shard-1')
  const state = createStateStore(db, { key, owner: 'user' })
  const other = createStateStore(db, { key, owner: 'conversation:x' })

  assert.equal((await state.set('cart', { tea: 1 }, { expected: 0 })).status, 'changed')
  assert.equal((await state.set('cart', { tea: 9 }, { expected: 0 })).status, 'outdated')
  const first = (await state.get('cart'))!.version
  assert.equal((await state.set('cart', { tea: 2 }, { expected: first })).status, 'changed')
  await other.set('cart', 'theirs')

  assert.deepEqual(await state.get('cart'), { value: { tea: 2 }, version: first + 1 })
  assert.equal((await state.delete('cart', { expected: first })).status, 'outdated')
  assert.equal((await state.delete('cart')).status, 'changed')
  assert.equal(await state.get('cart'), undefined)
  assert.equal((await state.delete('cart')).status, 'changed')
  assert.equal((await other.get('cart'))?.value, 'theirs')
})

test('a value that was deleted and set again is not taken for the one before', async t => {
  const state = createStateStore((await rigs.build(t)).db('shard-1'), { key, owner: 'user' })
  await state.set('v', 'old')
  const { version } = (await state.get('v'))!
  await state.delete('v')
  await state.set('v', 'new')

  assert.equal((await state.set('v', 'from the old one', { expected: version })).status, 'outdated')
  assert.equal((await state.get('v'))?.value, 'new')
})

test('any JSON is a state, null and text included', async t => {
  const state = createStateStore((await rigs.build(t)).db('shard-1'), { key, owner: 'user' })

  for (const value of [null, 'text', 7, false, [1, { a: null }]]) {
    await state.set('v', value)
    assert.deepEqual((await state.get('v'))?.value, value)
  }
})

test('of values set at the same time with nothing there yet one is the first', async t => {
  const state = createStateStore((await rigs.build(t)).db('shard-1'), { key, owner: 'user' })

  const writes = Array.from({ length: 8 }, () => newWrite('state#1'))

  const results = await Promise.all(writes.map((write, i) => state.set('v', i, { expected: 0, write })))

  assert.deepEqual(results.map(result => result.status).sort(), ['changed', ...Array(7).fill('outdated')])
  // None of the others counts as done.
  const again = await Promise.all(writes.map(write => state.set('v', 8, { write })))
  assert.deepEqual(again.map(result => result.status).sort(), [...Array(7).fill('changed'), 'repeated'])
})

test('a first value that lost against another at the same moment does not count as done', async t => {
  const db = (await rigs.build(t)).db('shard-1')
  const state = createStateStore(db, { key, owner: 'user' })
  const write = newWrite('state#1')
  let late: Promise<{ status: string }> | undefined

  await db.transaction().execute(async trx => {
    await createStateStore(trx, { key, owner: 'user' }).set('v', 1, {
      expected: 0,
      write: newWrite('state#1'),
    })
    late = state.set('v', 2, { expected: 0, write })
    const waiting = sql<{ n: bigint }>`select count(*) as n from pg_stat_activity
      where wait_event_type = 'Lock' and datname = current_database()`
    while ((await waiting.execute(db)).rows[0]!.n === 0n) await delay(5)
  })

  assert.equal((await late)?.status, 'outdated')
  const { version } = (await state.get('v'))!
  assert.equal((await state.set('v', 2, { expected: version, write })).status, 'changed')
})

test('a repeated change of state is not done again', async t => {
  const state = createStateStore((await rigs.build(t)).db('shard-1'), { key, owner: 'user' })
  const write = newWrite('state#1')

  const runs = await Promise.all(Array.from({ length: 8 }, () => state.set('n', 1, { write })))
  await state.set('n', 2, { write: newWrite('state#1') })

  assert.deepEqual(runs.map(run => run.status).sort(), ['changed', ...Array(7).fill('repeated')])
  assert.equal((await state.set('n', 1, { write })).status, 'repeated')
  assert.equal((await state.delete('n', { write })).status, 'repeated')
  assert.deepEqual((await state.get('n'))?.value, 2)
})

test('a step and its result are kept together or not at all', async t => {
  const db = (await rigs.build(t)).db('shard-1')
  const write = newWrite('order')
  const order = (trx: ShardDatabase) => createOnceResultStore(trx, key).insert(write, { number: 7 })

  const crashed = db.transaction().execute(async trx => {
    await order(trx)
    throw new Error('crash')
  })
  await assert.rejects(crashed, /crash/)
  const steps = createOnceResultStore(db, key)
  assert.equal(await steps.get(write), undefined)

  assert.equal(await db.transaction().execute(order), true)
  assert.equal(await db.transaction().execute(order), false)
  assert.deepEqual(await steps.get(write), { result: { number: 7 } })
})
