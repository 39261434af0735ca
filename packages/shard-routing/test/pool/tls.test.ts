import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { startPostgres } from '@botyard/testkit'
import { sql } from 'kysely'
import { shardPoolSettings } from '../../src/index.ts'
import { openPool } from './pools.ts'

// Valid for a century; the key is known to everybody who reads this, and of use to nobody.
const pem = (name: string) => readFileSync(new URL(`./tls/${name}.pem`, import.meta.url), 'utf8')

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
  const plain = openPool(t, [url], { settings: shardPoolSettings({ ...base, SHARD_TLS: 'url' }) })
  for (const name of ['server', 'server-key']) {
    // The server writes them itself: as root, this process is another user than it.
    const copy = `COPY (SELECT unnest(string_to_array('${pem(name).trim()}', E'\\n'))) TO PROGRAM 'umask 077; cat > ${name}.pem'`
    await sql.raw(copy).execute(plain.db)
  }
  const settings = { ssl: 'on', ssl_cert_file: 'server.pem', ssl_key_file: 'server-key.pem' }
  for (const [name, value] of Object.entries(settings)) {
    await sql.raw(`ALTER SYSTEM SET ${name} = '${value}'`).execute(plain.db)
  }
  await sql`SELECT pg_reload_conf()`.execute(plain.db)

  const encrypted = async (tls: 'url' | 'encrypt' | 'verify', options: { ca?: string; at?: string } = {}) => {
    const settings = shardPoolSettings({
      ...base,
      SHARD_TLS: tls,
      ...(options.ca !== undefined && { SHARD_TLS_CA: options.ca }),
    })
    const pool = openPool(t, [options.at ?? url], { settings })
    const { rows } = await sql<{ ssl: boolean }>`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`.execute(
      pool.db,
    )
    return rows[0]?.ssl
  }
  const refused = { code: 'SHD_UNAVAILABLE', reason: 'no-primary' }

  assert.equal(await encrypted('verify', { ca: pem('authority') }), true)
  assert.equal(await encrypted('encrypt'), true)
  assert.equal(await encrypted('url'), false)
  assert.equal(await encrypted('url', { at: `${url}?sslmode=no-verify` }), true)
  await assert.rejects(encrypted('verify'), refused)
  await assert.rejects(
    encrypted('verify', { ca: pem('authority'), at: url.replace('127.0.0.1', 'localhost') }),
    refused,
  )
})
