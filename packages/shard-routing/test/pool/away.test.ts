import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { ShardUnavailableError } from '../../src/errors.ts'
import { increment, servingPool, startPair, until } from './pools.ts'

test('while a shard is away callers are sent off in the same turn of the event loop, and served once it is back', async t => {
  const { primary } = await startPair(t)
  const pool = await servingPool(t, [primary])
  await increment(pool)

  await primary.kill()
  await until(() => increment(pool).then(() => false, unavailable))
  await until(() => pool.state.breaker === 'open' && pool.state.host === undefined)
  const call = increment(pool).then(
    () => 'served',
    (error: ShardUnavailableError) => error.reason,
  )
  assert.equal(await Promise.race([call, setImmediate('still waiting')]), 'no-primary')
  assert.equal(pool.state.waiting, 0)

  await primary.start()
  await until(() =>
    increment(pool).then(
      () => true,
      () => false,
    ),
  )
  assert.equal(pool.state.breaker, 'closed')
})

function unavailable(error: unknown): true {
  if (error instanceof ShardUnavailableError) return true
  throw error
}
