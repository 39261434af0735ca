import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { acceptTls, startPostgres, testTls } from '@botyard/testkit'
import { sql } from 'kysely'
import { shardPoolSettings } from '../../src/pool/shard-pool-settings.ts'
import { openPool } from './pools.ts'

const authority = readFileSync(testTls.authority, 'utf8')

const base = {
  SHARD_POOL_SIZE: 2,
  EXPECTED_INSTANCES: 1,
  SHARD_ACQUIRE_TIMEOUT_MS: 1_000,
  SHARD_STATEMENT_TIMEOUT_MS: 10_000,
  SHARD_IDLE_IN_TRANSACTION_TIMEOUT_MS: 10_000,
  SHARD_PGBOUNCER: false,
  SHARD_PREPARED_STATEMENTS: 'auto',
} as const

test('with SHARD_TLS=verify a server is used only if the authority has signed for its name; encrypt and the url do with less', async t => {
  const postgres = await startPostgres()
  t.after(() => postgres.stop())
  const url = await postgres.createDatabase()
  await acceptTls(url)

  const encrypted = async (tls: 'url' | 'encrypt' | 'verify', options: { ca?: string; at?: string } = {}) => {
    const settings = shardPoolSettings({
      ...base,
      SHARD_TLS: tls,
      ...(options.ca !== undefined && { SHARD_TLS_CA: options.ca }),
    })
    const pool = openPool(t, [options.at ?? url], { settings })
    const { rows } = await sql<{
      ssl: boolean
    }>`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`.execute(pool.db)
    return rows[0]?.ssl
  }
  const refused = { code: 'SHD_UNAVAILABLE', reason: 'no-primary' }

  assert.equal(await encrypted('verify', { ca: authority }), true)
  assert.equal(await encrypted('encrypt'), true)
  assert.equal(await encrypted('url'), false)
  assert.equal(await encrypted('url', { at: `${url}?sslmode=no-verify` }), true)
  await assert.rejects(encrypted('verify'), refused)
  await assert.rejects(
    encrypted('verify', { ca: authority, at: url.replace('127.0.0.1', 'localhost') }),
    refused,
  )
})
