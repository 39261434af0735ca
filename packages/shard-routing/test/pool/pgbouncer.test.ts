import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startPgBouncer } from '@botyard/testkit'
import { sql } from 'kysely'
import { ShardUnavailableError } from '../../src/errors.ts'
import { increment, servingPool, startPair, until } from './pools.ts'

const settings = {
  pgbouncer: true,
  preparedStatements: false,
  // Two hundred calls wait for two connections.
  acquireTimeoutMs: 20_000,
  // Below the ten seconds that a statement sleeps, and above what a busy machine needs between two of them.
  statementTimeoutMs: 2_000,
  idleInTransactionTimeoutMs: 10_000,
}

test('behind PgBouncer in transaction mode all works on few connections, each transaction has its limits, and a failover is followed', async t => {
  const pair = await startPair(t)
  const bouncers = await Promise.all(
    [pair.primary, pair.standby].map(({ port }) => startPgBouncer(port, { poolSize: 2 })),
  )
  for (const bouncer of bouncers) t.after(() => bouncer.stop())
  const pool = await servingPool(
    t,
    bouncers.map(bouncer => bouncer.url()),
    { settings },
  )

  // The same text with parameters, many times, over connections that change below it.
  await Promise.all(Array.from({ length: 200 }, () => increment(pool)))
  const { rows: servers } =
    await sql`SELECT FROM pg_stat_activity WHERE backend_type = 'client backend'`.execute(pool.db)
  assert.ok(servers.length <= 2, `${servers.length} connections to the server`)

  await assert.rejects(
    pool.transaction(trx => sql`SELECT pg_sleep(10)`.execute(trx)),
    { code: '57014' },
  )
  const { rows: left } = await sql<{ limit: string }>`SHOW statement_timeout`.execute(pool.db)
  assert.deepEqual(left, [{ statement_timeout: '0' }])

  await pair.primary.kill()
  await pair.promote()
  await until(() =>
    increment(pool).then(
      () => true,
      error => {
        if (error instanceof ShardUnavailableError) return false
        throw error
      },
    ),
  )
  assert.equal(pool.state.timeline, 2)
  assert.deepEqual(await pair.standby.sql('SELECT n FROM counters'), [{ n: 201 }])
})
