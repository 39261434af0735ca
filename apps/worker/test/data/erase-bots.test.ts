import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BotParts } from '@botyard/bot-kit'
import { type ControlDatabase, createErasureStore, erasureWaitMs } from '@botyard/control-database'
import { createShardMapStore, eraseUsers, type Shards } from '@botyard/shard-routing'
import { until } from '@botyard/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { eraseBots } from '../../src/data/erase-bots.ts'
import { dataRigs } from './data-rig.ts'

const migrations: BotParts['migrations'] = [
  {
    version: 1,
    name: 'scores',
    up: db =>
      db.schema
        .createTable('scores')
        .addColumn('user_key', 'bigint', col => col.notNull())
        .addColumn('points', 'integer', col => col.notNull())
        .addPrimaryKeyConstraint('scores_pkey', ['user_key'])
        .execute(),
  },
]
const build = dataRigs({ migrations })
const logger = pino({ level: 'silent' })
/** Every process knows that the bot was removed. */
const behind = async () => []

/** Orders to erase the bot `bot`, so long ago that it is due. */
async function orderOf(control: ControlDatabase) {
  const erasures = createErasureStore(control)
  const { id } = await erasures.order({ id: 'bot', uid: 'bot', platform: 'telegram' })
  await sql`update erasures set requested_at = now() - ${erasureWaitMs} * interval '1 millisecond'
    where id = ${id}`.execute(control)
  return {
    erasures,
    id,
    isDone: async () => (await erasures.list(9)).find(erasure => erasure.id === id)?.doneAt !== null,
    /** As if the process that erased had died a while ago. */
    endLease: () =>
      control.updateTable('erasures').set({ leased_until: null }).where('id', '=', id).execute(),
  }
}

test('what a removed bot knew of its users goes from every shard, and nothing of other bots', async t => {
  const { control, open, userOn, shard } = await build(t, { bot: {}, other: {} })
  const { of, userShards } = await open()
  const people = [userOn(0), userOn(1)]
  for (const bot of ['bot', 'other']) {
    for (const user of people) {
      const data = of({ bot, user, conversation: `chat ${user}` })
      await data.user.update({ name: 'Ann' })
      await data.state.user.set('step', 1)
      await data.state.conversation.set('topic', 'tea')
      await sql`insert into scores values (${data.user.key}, 7)`.execute(data.db)
    }
  }
  const before = await rows()

  const { erasures, id } = await orderOf(control)
  await eraseBots({ erasures, userShards, behind, logger }, 'a process')

  const after = await rows()
  assert.deepEqual(
    after.map(row => `${row.of} ${row.name}`),
    before.filter(({ of }) => of === 'other').map(row => `${row.of} ${row.name}`),
  )
  const [done] = await erasures.list(1)
  assert.equal(done?.id, id)
  assert.ok(done?.doneAt)
  // Remembered steps of updates go too, which are not counted here.
  assert.ok(Number(done?.rows) >= before.length - after.length)

  /** What lies on the shards, by the bot it is of. */
  async function rows(): Promise<{ of: string; name: string }[]> {
    const keys = (bot: string) => people.map(user => of({ bot, user }).user.key)
    const found: { of: string; name: string }[] = []
    for (const n of [0, 1] as const) {
      const { rows } = await sql<{ of: string; name: string }>`
        select scope as of, 'profile ' || user_id as name from users
        union all select split_part(owner, '/', 1), 'state ' || name from user_state
        union all select 'bot', 'score' from scores where user_key = any(${keys('bot')}::bigint[])
        union all select 'other', 'score' from scores where user_key = any(${keys('other')}::bigint[])
        order by 1, 2`.execute(shard(n))
      found.push(...rows)
    }
    return found
  }
})

test('an erasure waits while a shard is away, and is finished by a later look', async t => {
  const { control, link, open, userOn } = await build(t)
  const { of, userShards } = await open()
  await of({ user: userOn(1) }).user.update({ name: 'Ann' })
  const { erasures, isDone, endLease } = await orderOf(control)

  await link.cut()
  await eraseBots({ erasures, userShards, behind, logger }, 'a process')
  const doneWhileAway = await isDone()
  link.mend()
  // The pool notices a moment later that the shard is back: a look before that changes nothing.
  await until(async () => {
    await endLease()
    await eraseBots({ erasures, userShards, behind, logger }, 'another process')
    return await isDone()
  })

  assert.equal(doneWhileAway, false)
})

test('users who were moved while an erasure ran are looked for again', async t => {
  const { control, open } = await build(t)
  const { userShards } = await open()
  const { erasures, isDone, endLease } = await orderOf(control)
  const maps = createShardMapStore(control)
  /** A range moves to the first shard when that one was looked at already. */
  const moving: Pick<Shards, 'each' | 'map'> = {
    map: userShards.map,
    each: (fn, options) =>
      userShards.each(async part => {
        const { version, ranges } = (await maps.current())!
        if (part.shard === 'shard-2') await maps.change({ expected: version, ranges, reason: 'moved' })
        return fn(part)
      }, options),
  }

  await eraseBots({ erasures, userShards: moving, behind, logger }, 'a process')
  const doneAtOnce = await isDone()
  // The process hears of the map a moment later: a look before that changes nothing.
  await until(async () => {
    await endLease()
    await eraseBots({ erasures, userShards, behind, logger }, 'a process')
    return await isDone()
  })

  assert.equal(doneAtOnce, false)
})

test('nothing is erased while a process may still run the bot', async t => {
  const { control, open, shard, userOn } = await build(t)
  const { of, userShards } = await open()
  await of({ user: userOn(0) }).user.update({ name: 'Ann' })
  const { erasures, isDone, endLease } = await orderOf(control)
  const rows = async () => (await sql`select from users where scope = 'bot'`.execute(shard(0))).rows.length

  await eraseBots({ erasures, userShards, behind: async () => ['a worker'], logger }, 'a process')
  const [doneEarly, kept] = [await isDone(), await rows()]
  await endLease()
  await eraseBots({ erasures, userShards, behind, logger }, 'a process')

  assert.deepEqual([doneEarly, kept], [false, 1])
  assert.deepEqual([await isDone(), await rows()], [true, 0])
})

test('a handler that is under way when its bot is removed and erased leaves nothing behind', async t => {
  const { control, directory, open, shard, userOn } = await build(t)
  const { of, userShards } = await open()
  const data = of({ user: userOn(0), conversation: 'chat' })
  await data.user.update({ name: 'Ann' })

  directory.delete('bot')
  const { erasures, isDone } = await orderOf(control)
  await eraseBots({ erasures, userShards, behind, logger }, 'a process')

  const gone = { code: 'WRK_BOT_GONE' }
  await assert.rejects(data.user.update({ name: 'Bob' }), gone)
  await assert.rejects(data.state.user.set('step', 1), gone)
  await assert.rejects(data.state.conversation.set('topic', 'tea'), gone)
  await assert.rejects(data.session.set({ a: 1 }), gone)
  await assert.rejects(
    data.onceInDb('step', async () => 1),
    gone,
  )
  await assert.rejects(
    data.transaction(async () => 1),
    gone,
  )
  assert.throws(() => data.db, gone)
  assert.ok(await isDone())
  for (const n of [0, 1] as const) {
    const { rows } = await sql`select from users where scope = 'bot'
      union all select from user_state where starts_with(owner, 'bot/')`.execute(shard(n))
    assert.equal(rows.length, 0)
  }
})

test('a page may end within a key: of one with more rows than a page none is left', async t => {
  const { open, shard, userOn } = await build(t)
  const { of } = await open()
  const { key } = of({ user: userOn(0) }).user
  const states = Array.from({ length: 5_001 }, (_, i) => (i < 5_000 ? `a/${i}` : 'z/last'))
  await sql`insert into user_state (user_key, owner, name, value)
    select ${key}, owner, 'step', '1' from unnest(${states}::text[]) as owner`.execute(shard(0))

  await eraseUsers(shard(0), { platform: 'telegram', scope: 'z' }, async () => true)

  const left = await sql`select from user_state where user_key = ${key} and owner like 'z/%'`.execute(
    shard(0),
  )
  assert.equal(left.rows.length, 0)
})

test('every page is heard of, also one without anything to delete: a lease must not end in between', async t => {
  const { open, shard, userOn } = await build(t)
  const { of } = await open()
  await of({ user: userOn(0) }).user.update({ name: 'Ann' })
  const pages: number[] = []

  const outcome = await eraseUsers(shard(0), { platform: 'telegram', scope: 'nobody' }, async rows => {
    pages.push(rows)
    return pages.length < 1
  })

  assert.deepEqual([pages, outcome], [[0], 'stopped'])
})
