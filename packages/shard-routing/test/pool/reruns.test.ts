import assert from 'node:assert/strict'
import { after, type TestContext, test } from 'node:test'
import { startPostgres } from '@botyard/testkit'
import { sql } from 'kysely'
import { servingPool } from './pools.ts'

const postgres = await startPostgres()
after(() => postgres.stop())
const url = await postgres.createDatabase()

test('a transaction that a standby refuses is run again', async t => {
  assert.equal(await runsUntil(t, '25006', 2), 2)
})

test('a transaction that never gets through ends with its conflict after four runs; other errors surface after one', async t => {
  assert.equal(await runsUntil(t, '40001'), 4)
  assert.equal(await runsUntil(t, '23505'), 1)
})

/** How often a transaction is run that ends with `code`, but for run number `good`. */
async function runsUntil(t: TestContext, code: string, good = Number.POSITIVE_INFINITY): Promise<number> {
  const pool = await servingPool(t, [url])
  let runs = 0
  const run = pool.transaction(async trx => {
    if (++runs < good) await raise(code).execute(trx)
  })
  await (good < Number.POSITIVE_INFINITY ? run : assert.rejects(run, { code }))
  return runs
}

function raise(code: string) {
  return sql.raw(`DO $$ BEGIN RAISE EXCEPTION 'made up' USING errcode = '${code}'; END $$`)
}
