import assert from 'node:assert/strict'
import { after, type TestContext, test } from 'node:test'
import { startPostgres } from '@botyard/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { createShardPool, createShardPoolMetrics } from '../../src/index.ts'
import { until } from './pools.ts'

const postgres = await startPostgres()
after(() => postgres.stop())
const url = await postgres.createDatabase()

type PoolOptions = Partial<Parameters<typeof createShardPool>[0]>

async function open(t: TestContext, settings: PoolOptions['settings'] = {}, rest: PoolOptions = {}) {
  const pool = createShardPool({ id: 's1', hosts: [url], logger: pino({ level: 'silent' }), settings, ...rest })
  t.after(() => pool.close())
  await until(() => pool.state.host !== undefined)
  return pool
}

test('callers wait for a connection until the acquire time-out; after five in vain the breaker sends them away at once, and closes when the shard serves', async t => {
  const registry = new Registry()
  const metrics = createShardPoolMetrics(registry)
  const pool = await open(t, { size: 1, acquireTimeoutMs: 100 }, { metrics })
  const [taken, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const holder = pool.transaction(async trx => {
    await sql`select 1`.execute(trx)
    taken.resolve()
    await done.promise
  })
  await taken.promise
  const ask = () => sql`select 1`.execute(pool.db)

  for (const end of await Promise.allSettled(Array.from({ length: 5 }, ask))) {
    assert.equal(end.status === 'rejected' && end.reason.reason, 'acquire-timeout')
  }
  assert.equal(pool.state.breaker, 'open')
  await assert.rejects(ask, { code: 'SHD_UNAVAILABLE', reason: 'breaker-open', effect: 'none' })
  assert.equal(pool.state.waiting, 0)
  const text = await registry.metrics()
  assert.match(text, /botyard_shard_unavailable_total\{shard="s1",reason="acquire-timeout"\} 5/)
  assert.match(text, /botyard_shard_breaker\{shard="s1"\} 1/)

  done.resolve()
  await holder
  await ask()
  assert.equal(pool.state.breaker, 'closed')
})

test('Postgres ends a statement that takes too long, and the connection is good for the next one', async t => {
  const pool = await open(t, { size: 1, statementTimeoutMs: 150 })

  await assert.rejects(sql`select pg_sleep(60)`.execute(pool.db), { code: '57014' })

  await sql`select 1`.execute(pool.db)
  assert.equal(pool.state.breaker, 'closed')
})

test('a transaction whose caller does nothing for too long is ended, and writes nothing', async t => {
  const pool = await open(t, { idleInTransactionTimeoutMs: 150 })
  await sql`create table idlers (n int)`.execute(pool.db)

  const idle = pool.transaction(
    async trx => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx)
      await sql`insert into idlers values (1)`.execute(trx)
      const gone = async () =>
        (await sql`select from pg_stat_activity where pid = ${rows[0]?.pid}`.execute(pool.db)).rows.length === 0
      await until(gone)
      await sql`insert into idlers values (2)`.execute(trx)
    },
    { rerun: false },
  )

  await assert.rejects(idle, { code: 'SHD_UNAVAILABLE', reason: 'connection-lost', effect: 'none' })
  assert.deepEqual((await sql`select n from idlers`.execute(pool.db)).rows, [])
})

for (const code of ['40001', '40P01', '25006']) {
  test(`a transaction that ends with ${code} is run again`, async t => {
    const pool = await open(t)
    let runs = 0

    await pool.transaction(async trx => {
      if (++runs === 1) await raise(code).execute(trx)
    })

    assert.equal(runs, 2)
  })
}

test('a transaction that never gets through ends with its conflict after four runs; other errors surface after one', async t => {
  const pool = await open(t)
  const runsOf = async (code: string) => {
    let runs = 0
    const run = pool.transaction(async trx => {
      runs++
      await raise(code).execute(trx)
    })
    await assert.rejects(run, { code })
    return runs
  }

  assert.equal(await runsOf('40001'), 4)
  assert.equal(await runsOf('23505'), 1)
})

function raise(code: string) {
  return sql.raw(`do $$ begin raise exception 'made up' using errcode = '${code}'; end $$`)
}

test('a pool warns if all instances together may ask for more connections than the server has', async t => {
  const lines: string[] = []
  const logger = pino({ level: 'info' }, { write: line => void lines.push(line) })
  const warned = () => lines.some(line => line.includes('shard may run out of connections'))

  await open(t, { size: 20, instances: 1_000 }, { logger })
  await until(warned)

  const { needed, instances } = JSON.parse(lines.find(line => line.includes('run out')) ?? '{}')
  assert.deepEqual({ needed, instances }, { needed: 21_000, instances: 1_000 })
})
