import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { TimelineMemory } from '@botyard/control-database/shards'
import { ShardUnavailableError } from '../../src/errors.ts'
import { increment, openPool, servingPool, startPair, until } from './pools.ts'

test('a pool follows a promotion by itself, and the old primary that comes back and takes writes is refused', async t => {
  const pair = await startPair(t)
  const { primary, standby } = pair
  const pool = await servingPool(t, [primary, standby])
  await increment(pool)
  assert.equal(pool.state.host, `127.0.0.1:${primary.port}`)

  await primary.kill()
  await pair.promote()
  await until(() => increment(pool).then(() => true, unavailable))

  assert.equal(pool.state.host, `127.0.0.1:${standby.port}`)
  assert.equal(pool.state.timeline, 2)
  await pair.startRogue()
  await primary.sql('UPDATE counters SET n = n + 100')
  // Looked at several times by now, in either order.
  for (let n = 0; n < 10; n++, await delay(120)) await increment(pool)
  assert.equal(pool.state.host, `127.0.0.1:${standby.port}`)
  assert.deepEqual(await standby.sql('SELECT n FROM counters'), [{ n: 12 }])
})

/** Passed on is only what is not to be expected. */
function unavailable(error: unknown): false {
  if (error instanceof ShardUnavailableError) return false
  throw error
}

test('a process that starts while only the old primary answers does not write to it, as others have seen its successor', async t => {
  const pair = await startPair(t)
  const { primary, standby } = pair
  const memory = createMemory()
  const first = await servingPool(t, [primary, standby], { memory })
  await increment(first)
  await primary.kill()
  await pair.promote()
  await until(() => increment(first).then(() => true, unavailable))
  await first.close()
  await standby.kill()
  await pair.startRogue()

  const second = openPool(t, [primary, standby], { memory })

  await assert.rejects(increment(second), { code: 'SHD_UNAVAILABLE', reason: 'no-primary' })
  assert.deepEqual(await primary.sql('SELECT n FROM counters'), [{ n: 1 }])
})

function createMemory(): TimelineMemory {
  const highest = new Map<string, number>()
  return {
    highest: async (shard, system) => highest.get(`${shard}/${system}`) ?? 0,
    async raise(shard, system, timeline) {
      highest.set(`${shard}/${system}`, Math.max(timeline, highest.get(`${shard}/${system}`) ?? 0))
    },
  }
}

test('a frozen primary is noticed, its calls end, and what it does when it thaws is nothing', async t => {
  const pair = await startPair(t)
  const { primary, standby } = pair
  const pool = await servingPool(t, [primary, standby])
  await increment(pool)
  const under = Promise.withResolvers<void>()
  const frozen = Promise.withResolvers<void>()
  const stuck = pool.transaction(
    async trx => {
      await trx.updateTable('counters').set({ n: 100 }).execute()
      under.resolve()
      await frozen.promise
      await trx.updateTable('counters').set({ n: 200 }).execute()
    },
    { rerun: false },
  )
  await under.promise
  await primary.freeze()
  frozen.resolve()

  await assert.rejects(stuck, { code: 'SHD_UNAVAILABLE', reason: 'connection-lost', effect: 'none' })
  await pair.promote()
  await until(() => increment(pool).then(() => true, unavailable))
  primary.thaw()
  await increment(pool)

  assert.deepEqual(await standby.sql('SELECT n FROM counters'), [{ n: 3 }])
  assert.deepEqual(await primary.sql('SELECT n FROM counters'), [{ n: 1 }])
})
