import assert from 'node:assert/strict'
import { test } from 'node:test'
import { increment, servingPool, startPair, until } from './pools.ts'

test('commits that wait for a standby in vain end without being called done; after five the breaker keeps callers off until it is back', async t => {
  const { primary, standby } = await startPair(t)
  // Longer than the limit of statements: that one must not end the wait, or an unreplicated commit would
  // count as done.
  const pool = await servingPool(t, [primary, standby], { settings: { statementTimeoutMs: 300 } })
  await increment(pool)

  await standby.freeze()
  const results = await Promise.allSettled(Array.from({ length: 5 }, (_, id) => increment(pool, 10 + id)))
  for (const result of results) {
    const { reason, effect } = (result as PromiseRejectedResult).reason
    assert.deepEqual([reason, effect], ['connection-lost', 'unknown'])
  }
  assert.equal(pool.state.breaker, 'open')
  await assert.rejects(increment(pool), { code: 'SHD_UNAVAILABLE', reason: 'breaker-open', effect: 'none' })
  assert.equal(pool.state.inUse, 0)

  standby.thaw()
  await until(() =>
    increment(pool).then(
      () => true,
      () => false,
    ),
  )
  assert.equal(pool.state.breaker, 'closed')
})

test('a commit that was told not to wait for its standby any more is not called done', async t => {
  const { primary, standby } = await startPair(t)
  const pool = await servingPool(t, [primary])
  await increment(pool)

  await standby.freeze()
  const commit = increment(pool)
  const refused = assert.rejects(commit, {
    code: 'SHD_UNAVAILABLE',
    reason: 'not-replicated',
    effect: 'unknown',
  })
  await until(async () => {
    const rows = await primary.sql(
      `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`,
    )
    return rows.length > 0
  })

  await refused
})
