import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { announceShardChange } from '@botyard/control-database/notices'
import { logger, until } from '@botyard/control-database/testing'
import { createRedis } from '@botyard/service-kit'
import { sql } from 'kysely'
import { RangeMovedError } from '../src/errors.ts'
import { changeOwnedRange } from '../src/fence/change-owned-ranges.ts'
import { assignRange, rangesOf, shardOf } from '../src/map/shard-map.ts'
import { createShardMapStore } from '../src/map/shard-map-store.ts'
import { type UserName, userKey } from '../src/stores/user-key.ts'
import { createUserStore } from '../src/stores/user-store.ts'
import { type ShardRig, shardRigs } from './shard-rig.ts'

const rigs = shardRigs()

/** Some user whose home is a shard of the even map over two. */
function userOf(shard: 'shard-1' | 'shard-2', nth = 0): UserName {
  for (let i = 0; ; i++) {
    const name: UserName = { platform: 'telegram', scope: 'shop', user: String(i) }
    const home = userKey(name) < 2n ** 62n ? 'shard-1' : 'shard-2'
    if (home === shard && nth-- === 0) return name
  }
}

test('users are written to their own shard, and found there again', async t => {
  const rig = await rigs.build(t)
  const { shards } = await rig.process()

  for (const home of ['shard-1', 'shard-2'] as const) {
    const name = userOf(home)
    const { first } = await createUserStore(shards.forUser(userKey(name))).meet(name, { lang: 'en' })
    assert.equal(first, true)
    assert.equal(shardOf(shards.map, userKey(name)), home)
  }

  for (const home of ['shard-1', 'shard-2'] as const) {
    const rows = await rig.db(home).selectFrom('users').select('user_id').execute()
    assert.deepEqual(rows, [{ user_id: userOf(home).user }])
  }
})

test('a write to the wrong shard is refused by the database itself, whoever writes', async t => {
  const rig = await rigs.build(t)
  const name = userOf('shard-2')

  await assert.rejects(createUserStore(rig.db('shard-1')).meet(name), { code: 'BY001' })
  const raw = sql`insert into user_state (user_key, owner, name, value) values (${userKey(name)}, 'o', 'n', '1')`
  await assert.rejects(raw.execute(rig.db('shard-1')), { code: 'BY001' })
})

test('while a range is fenced its writes fail with a typed error and its reads go on', async t => {
  const rig = await rigs.build(t)
  const { shards } = await rig.process()
  const name = userOf('shard-1')
  const key = userKey(name)
  const users = createUserStore(shards.forUser(key))
  await users.meet(name)

  await changeOwnedRange(rig.db('shard-1'), { from: key, to: key + 1n, state: 'fenced', mapVersion: 1 })

  const fenced = (error: unknown) =>
    error instanceof RangeMovedError && error.shard === 'shard-1' && error.afterMs > 0
  await assert.rejects(users.update(name, { profile: { a: 1 } }), fenced)
  await assert.rejects(
    shards.transaction(key, trx => createUserStore(trx).update(name, { profile: { a: 1 } })),
    fenced,
  )
  assert.equal((await users.read(name))?.version, 1)
  const neighbour = userOf('shard-1', 1)
  await createUserStore(shards.forUser(userKey(neighbour))).meet(neighbour)
})

test('statements and transactions of a process that has not heard of a move follow the key', async t => {
  const rig = await rigs.build(t)
  const { shards, directory } = await rig.process()
  const name = userOf('shard-1')
  const key = userKey(name)
  const users = createUserStore(shards.forUser(key))
  await users.meet(name)

  await moveEverything(rig)
  assert.equal(shardOf(directory.latest!.map!, key), 'shard-1')

  assert.equal((await users.update(name, { profile: { seen: 1 } })).status, 'updated')
  const { seen } = await shards.transaction(
    key,
    async trx => (await createUserStore(trx).read(name))!.profile,
  )
  assert.equal(seen, 1)
  assert.equal(shardOf(directory.latest!.map!, key), 'shard-2')
  const copy = await rig.db('shard-1').selectFrom('users').select('version').executeTakeFirstOrThrow()
  assert.equal(copy.version, 1n)
})

test('a process whose lease has lapsed asks before it routes: it reads where the user is, not where they were', async t => {
  const rig = await rigs.build(t)
  const { shards, directory } = await rig.process()
  const name = userOf('shard-1')
  const users = createUserStore(shards.forUser(userKey(name)))
  await users.meet(name)
  await until(() => directory.current() !== undefined)
  rig.redis.pause()
  t.after(() => rig.redis.resume())

  await moveEverything(rig)
  await rig.db('shard-2').updateTable('users').set({ profile: '{"moved":true}' }).execute()
  await until(() => directory.current() === undefined)

  assert.deepEqual((await users.read(name))?.profile, { moved: true })
})

test('a read that is under way while its user moves is answered from where they live by then', async t => {
  const rig = await rigs.build(t)
  const { shards, directory } = await rig.process()
  const name = userOf('shard-1')
  const users = createUserStore(shards.forUser(userKey(name)))
  await users.meet(name)
  await until(() => directory.current() !== undefined)
  const held = Promise.withResolvers<void>()
  const end = Promise.withResolvers<void>()
  const holder = rig
    .db('shard-1')
    .transaction()
    .execute(async trx => {
      await sql`lock table users in access exclusive mode`.execute(trx)
      held.resolve()
      await end.promise
      // What the end of a move comes to: the copy that stayed behind is gone.
      await sql`set local session_replication_role = replica`.execute(trx)
      await trx.deleteFrom('users').execute()
    })
  await held.promise

  const reading = users.read(name)
  await waiting(rig)
  await moveEverything(rig, [{ ...name, version: 5 }])
  await directory.ask()
  end.resolve()
  await holder

  assert.equal((await reading)?.version, 5)
})

test('an announced map is routed by everywhere once it is acknowledged', async t => {
  const rig = await rigs.build(t)
  const processes = [await rig.process(), await rig.process()]
  for (const { directory } of processes) await until(() => directory.current() !== undefined)
  const redis = createRedis({ url: rig.redis.url, logger, name: 'test', role: 'commands' })
  t.after(() => redis.disconnect())
  await until(() => redis.status === 'ready')

  const map = await moveEverything(rig)
  const announced = await announceShardChange({ redis, change: map.version, timeoutMs: 30_000 })

  assert.deepEqual(announced, { status: 'acknowledged' })
  for (const { directory } of processes) assert.equal(directory.current()?.map?.version, map.version)
})

test('work on every shard is bounded, and one that fails is told apart from the others', async t => {
  const rig = await rigs.build(t)
  const { shards } = await rig.process()
  let atOnce = 0
  let max = 0

  const results = await shards.each(
    async ({ shard, db, ranges }) => {
      max = Math.max(max, ++atOnce)
      await sql`select 1`.execute(db)
      atOnce--
      if (shard === 'shard-1') throw new Error('no')
      return ranges.length
    },
    { concurrency: 1 },
  )

  assert.equal(max, 1)
  assert.deepEqual(
    results.map(result => [result.shard, result.status === 'ok' ? result.value : 'failed']),
    [
      ['shard-1', 'failed'],
      ['shard-2', 1],
    ],
  )
})

test('a shard older than the build, or of another name, is refused and said so', async t => {
  const rig = await rigs.build(t)
  const newer = await rig.process({
    needs: new Map([
      ['botyard', 2],
      ['bot:quiz', 2],
    ]),
  })

  await assert.rejects(newer.shards.check(), {
    code: 'SHD_SCHEMA_TOO_OLD',
    owner: 'bot:quiz',
    found: 0,
    needed: 2,
  })
  const key = userKey(userOf('shard-1'))
  await assert.rejects(newer.shards.forUser(key).selectFrom('users').selectAll().execute(), {
    code: 'SHD_SCHEMA_TOO_OLD',
  })
  await rig.db('shard-2').updateTable('shard_identity').set({ shard: 'other' }).execute()
  await assert.rejects((await rig.process()).shards.check(), { code: 'SHD_WRONG_DATABASE', found: 'other' })
})

/** Until a query on shard-1 waits for a lock. */
async function waiting(rig: ShardRig): Promise<void> {
  const count = sql<{ n: bigint }>`select count(*) as n from pg_stat_activity
    where wait_event_type = 'Lock' and datname = current_database()`
  while ((await count.execute(rig.db('shard-1'))).rows[0]!.n === 0n) await delay(5)
}

/**
 * What a move comes to, at once: the rows on the other shard as replication leaves them, and the ranges with
 * them.
 */
async function moveEverything(rig: ShardRig, rows?: (UserName & { version: number })[]) {
  const maps = createShardMapStore(rig.control)
  const before = (await maps.current())!
  const [range] = rangesOf(before, 'shard-1')
  const copies = rows
    ? rows.map(({ user, ...row }) => ({
        ...row,
        user_key: userKey({ ...row, user }),
        user_id: user,
        profile: {},
      }))
    : await rig.db('shard-1').selectFrom('users').selectAll().execute()
  const [from, to] = [range!.from, range!.to]
  await changeOwnedRange(rig.db('shard-1'), { from, to, state: 'fenced', mapVersion: before.version })
  await changeOwnedRange(rig.db('shard-2'), { from, to, state: 'owned', mapVersion: before.version })
  for (const row of copies) {
    await rig
      .db('shard-2')
      .insertInto('users')
      .values({ ...row, profile: JSON.stringify(row.profile) })
      .execute()
  }
  const ranges = assignRange(before.ranges, { ...range!, shard: 'shard-2' })
  const change = await maps.change({ expected: before.version, ranges, reason: 'test' })
  assert.equal(change.status, 'changed')
  return change.status === 'changed' ? change.map : before
}
