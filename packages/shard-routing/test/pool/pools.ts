import type { TestContext } from 'node:test'
import { type PostgresNode, startPostgresPair, until } from '@botyard/testkit'
import { pino } from 'pino'
import { createShardPool, type ShardPool } from '../../src/pool/shard-pool.ts'

export { until }

const logger = pino({ level: 'silent' })

type PoolOptions = Partial<Parameters<typeof createShardPool>[0]>

/** A primary with a synchronous standby and a table `counters`; each test that breaks one needs its own. */
export async function startPair(t: TestContext) {
  const pair = await startPostgresPair()
  t.after(() => pair.stop())
  await pair.primary.sql(createCounters)
  return pair
}

/** A pool that is closed after the test. */
export function openPool(
  t: TestContext,
  hosts: readonly (string | PostgresNode)[],
  options: PoolOptions = {},
): ShardPool {
  const urls = hosts.map(host => (typeof host === 'string' ? host : host.url()))
  const pool = createShardPool({ id: 's1', hosts: urls, logger, ...options })
  t.after(() => pool.close())
  return pool
}

/** The same, once it knows its primary: a slow machine may need longer than callers have patience. */
export async function servingPool(...args: Parameters<typeof openPool>): Promise<ShardPool> {
  const pool = openPool(...args)
  await until(() => pool.state.host !== undefined)
  return pool
}

export const createCounters = 'CREATE TABLE counters (id int PRIMARY KEY, n int NOT NULL)'

export async function increment(pool: ShardPool, id = 1): Promise<void> {
  await pool.transaction(async trx => {
    await trx
      .insertInto('counters')
      .values({ id, n: 1 })
      .onConflict(oc => oc.column('id').doUpdateSet(eb => ({ n: eb('counters.n', '+', 1) })))
      .execute()
  })
}
