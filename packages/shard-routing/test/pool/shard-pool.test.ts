import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import { startPostgres, type TestPostgres } from '@botyard/testkit'
import { type Kysely, sql } from 'kysely'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import type { ShardPool } from '../../src/pool/shard-pool.ts'
import { createShardPoolMetrics } from '../../src/pool/shard-pool-metrics.ts'
import { createCounters, increment, openPool, servingPool, until } from './pools.ts'

let postgres: TestPostgres
before(async () => {
  postgres = await startPostgres()
})
after(() => postgres.stop())

/** A pool on a database of its own, with a table `counters` of two rows. */
async function open(
  t: TestContext,
  options: Parameters<typeof openPool>[2] = {},
): Promise<ShardPool & { url: string }> {
  const url = await postgres.createDatabase()
  const pool = await servingPool(t, [url], options)
  await sql.raw(createCounters).execute(pool.db)
  await sql`INSERT INTO counters VALUES (1, 0), (2, 0)`.execute(pool.db)
  return Object.assign(pool, { url })
}

// biome-ignore lint/suspicious/noExplicitAny: any tables.
const add = (db: Kysely<any>, id: number) =>
  db
    .updateTable('counters')
    .set(eb => ({ n: eb('n', '+', 1) }))
    .where('id', '=', id)
    .execute()
const counts = async ({ db }: ShardPool) =>
  (await db.selectFrom('counters').select('n').orderBy('id').execute()).map(row => row.n)

test('a transaction that loses a serialization conflict runs again, and counts once', async t => {
  const pool = await open(t)
  const both = Promise.withResolvers<void>()
  let runs = 0
  const work = () =>
    pool.transaction(async trx => {
      await sql`SET TRANSACTION ISOLATION LEVEL SERIALIZABLE`.execute(trx)
      await trx.selectFrom('counters').selectAll().execute()
      if (++runs === 2) both.resolve()
      await both.promise
      await add(trx, 1)
    })

  await Promise.all([work(), work()])

  assert.deepEqual([runs, await counts(pool)], [3, [2, 0]])
})

test('of two transactions in a deadlock one runs again, unless it says that it must not', async t => {
  const pool = await open(t)
  const cross = async (rerun: boolean) => {
    const both = Promise.withResolvers<void>()
    let arrived = 0
    const work = (first: number, second: number) =>
      pool.transaction(
        async trx => {
          await add(trx, first)
          if (++arrived === 2) both.resolve()
          await both.promise
          await add(trx, second)
        },
        { rerun },
      )
    return await Promise.allSettled([work(1, 2), work(2, 1)])
  }

  assert.deepEqual(
    (await cross(true)).map(result => result.status),
    ['fulfilled', 'fulfilled'],
  )
  const failed = (await cross(false)).filter(result => result.status === 'rejected')
  assert.deepEqual(
    failed.map(({ reason }) => reason.code),
    ['40P01'],
  )
  assert.deepEqual(await counts(pool), [3, 3])
})

test('a transaction whose connection is lost before its commit runs again; a single statement may have been done, and does not', async t => {
  const pool = await open(t)
  const other = await servingPool(t, [pool.url])
  const end = (pid: number) => sql`SELECT pg_terminate_backend(${pid}, 5000)`.execute(other.db)
  let runs = 0

  await pool.transaction(async trx => {
    await add(trx, 1)
    const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(trx)
    if (++runs === 1) await end(rows[0]!.pid)
    await add(trx, 2)
  })
  assert.deepEqual([runs, await counts(pool)], [2, [1, 1]])

  const single = sql`SELECT pg_sleep(60)`.execute(pool.db)
  const ended = assert.rejects(single, {
    code: 'SHD_UNAVAILABLE',
    reason: 'connection-lost',
    effect: 'unknown',
  })
  await until(async () => {
    const { rows } = await sql<{ pid: number }>`
      SELECT pid FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND datname = current_database()`.execute(
      other.db,
    )
    if (rows[0] !== undefined) await end(rows[0].pid)
    return rows[0] !== undefined
  })
  await ended
})

test('a single statement that a standby would refuse is run on another connection', async t => {
  const pool = await open(t, { settings: { size: 1 } })
  const other = await servingPool(t, [pool.url])
  await sql`SET default_transaction_read_only = on`.execute(pool.db)

  await add(pool.db, 1)

  assert.deepEqual(await counts(other), [1, 0])
})

test('a statement that takes too long, and a transaction that idles, are the fault of the caller', async t => {
  const pool = await open(t, { settings: { statementTimeoutMs: 100, idleInTransactionTimeoutMs: 100 } })

  await assert.rejects(sql`SELECT pg_sleep(10)`.execute(pool.db), { code: '57014' })
  const ended = Promise.withResolvers<void>()
  const idle = pool.transaction(async trx => {
    const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(trx)
    await until(async () => {
      const found = await sql`SELECT FROM pg_stat_activity WHERE pid = ${rows[0]!.pid}`.execute(pool.db)
      return found.rows.length === 0
    })
    ended.resolve()
    await add(trx, 1)
  })
  await assert.rejects(idle, { code: '25P03' })

  assert.deepEqual(await counts(pool), [0, 0])
})

test('prepared statements outlive a migration that changes what they return', async t => {
  const pool = await open(t, { settings: { size: 1 } })
  const read = () => pool.db.selectFrom('counters').selectAll().where('id', '=', 1).executeTakeFirst()
  for (let n = 0; n < 3; n++) await read()
  const { rows } = await sql<{ name: string }>`SELECT name FROM pg_prepared_statements`.execute(pool.db)
  assert.equal(rows.length, 1)

  await sql`ALTER TABLE counters ADD COLUMN note text`.execute(pool.db)

  assert.deepEqual(await read(), { id: 1, n: 0, note: null })
})

test('whoever waits too long for a connection is told so, and the pool says how many wait', async t => {
  const registry = new Registry()
  const metrics = createShardPoolMetrics(registry)
  const pool = await open(t, { settings: { size: 2, acquireTimeoutMs: 200 }, metrics })
  const done = Promise.withResolvers<void>()
  const holders = [1, 2].map(id =>
    pool.transaction(async trx => {
      await add(trx, id)
      await done.promise
    }),
  )
  await until(() => pool.state.inUse === 2)

  const waiting = assert.rejects(increment(pool, 3), {
    code: 'SHD_UNAVAILABLE',
    reason: 'acquire-timeout',
    effect: 'none',
  })
  await until(() => pool.state.waiting === 1)
  const page = await registry.metrics()
  await waiting
  done.resolve()
  await Promise.all(holders)

  for (const line of [
    'botyard_shard_connections{shard="s1",state="in-use"} 2',
    'botyard_shard_waiting{shard="s1"} 1',
    'botyard_shard_up{shard="s1"} 1',
    'botyard_shard_breaker{shard="s1"} 0',
  ]) {
    assert.ok(page.includes(line), `${line}\n${page}`)
  }
  assert.match(
    await registry.metrics(),
    /botyard_shard_unavailable_total\{shard="s1",reason="acquire-timeout"\} 1/,
  )
})

test('after five callers who waited in vain the breaker sends others away at once, and closes when the shard serves', async t => {
  const pool = await open(t, { settings: { size: 1, acquireTimeoutMs: 500 } })
  const done = Promise.withResolvers<void>()
  const holder = pool.transaction(async trx => {
    await add(trx, 1)
    await done.promise
  })
  await until(() => pool.state.inUse === 1)

  await Promise.allSettled(Array.from({ length: 5 }, () => increment(pool, 2)))
  assert.equal(pool.state.breaker, 'open')
  await assert.rejects(increment(pool, 2), {
    code: 'SHD_UNAVAILABLE',
    reason: 'breaker-open',
    effect: 'none',
  })
  assert.equal(pool.state.waiting, 0)

  done.resolve()
  await holder
  await until(() =>
    increment(pool, 2).then(
      () => true,
      () => false,
    ),
  )
  assert.equal(pool.state.breaker, 'closed')
  assert.deepEqual(await counts(pool), [1, 1])
})

test('a server that has no connection left is waited for, and does not count as gone', async t => {
  const pool = await open(t)
  await increment(pool)
  const other = await servingPool(t, [pool.url], { settings: { size: 100 } })
  const role = 'limited'
  await sql
    .raw(`CREATE ROLE ${role} LOGIN CONNECTION LIMIT 2; GRANT ALL ON counters TO ${role}`)
    .execute(other.db)
  // One connection looks at the host, the other serves.
  const limited = await servingPool(t, [pool.url.replace('postgres@', `${role}@`)], {
    settings: { acquireTimeoutMs: 500 },
  })
  await increment(limited)

  const held = Promise.withResolvers<void>()
  const holder = limited.transaction(async trx => {
    await add(trx, 2)
    await held.promise
  })
  await until(() => limited.state.inUse > 0)
  await assert.rejects(increment(limited), { code: 'SHD_UNAVAILABLE', reason: 'acquire-timeout' })
  assert.notEqual(limited.state.host, undefined)
  held.resolve()
  await holder
})

test('more connections than the server has, for all instances together, are warned of at the start', async t => {
  const lines: { msg: string; needed: number; available: number }[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(JSON.parse(line)) })

  await open(t, { settings: { size: 50, instances: 4 }, logger })

  await until(() => lines.length > 0)
  const { msg, needed, available } = lines[0]!
  assert.deepEqual([msg, needed, available], ['shard may run out of connections', 204, 197])
})

test('a bigint column is a bigint, to the last digit', async t => {
  const pool = await open(t)
  const { rows } = await sql<{ key: bigint }>`SELECT ${2n ** 63n - 1n}::bigint AS key`.execute(pool.db)
  assert.equal(rows[0]?.key, 9_223_372_036_854_775_807n)
})

test('a host that refuses for a reason is logged with it, without its password', async t => {
  const lines: string[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
  const nowhere = postgres.url.replace('postgres@', 'postgres:sesame@').replace('template', 'nowhere')

  await assert.rejects(increment(openPool(t, [nowhere], { logger })), {
    code: 'SHD_UNAVAILABLE',
    reason: 'no-primary',
  })

  assert.match(lines[0] ?? '', /host of the shard is away/)
  assert.match(lines[0] ?? '', /database \\"nowhere\\" does not exist/)
  assert.doesNotMatch(lines.join(), /sesame/)
})
