import assert from 'node:assert/strict'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Client } from 'pg'
import { startPostgres, startProcess } from '../src/index.ts'

test('every database is a clone of the template, and stop ends the server under open connections', async t => {
  const postgres = await startPostgres()
  t.after(() => postgres.stop())
  await query(postgres.url, 'CREATE TABLE bots (id text PRIMARY KEY)')

  const one = await postgres.createDatabase()
  const two = await postgres.createDatabase()
  await query(one, `INSERT INTO bots VALUES ('echo')`)

  assert.deepEqual(await query(one, 'SELECT id FROM bots'), [{ id: 'echo' }])
  assert.deepEqual(await query(two, 'SELECT id FROM bots'), [])

  const idle = new Client({ connectionString: one })
  idle.on('error', () => {})
  await idle.connect()
  await postgres.stop()
  assert.throws(() => process.kill(postgres.pid, 0), { code: 'ESRCH' })
})

test('servers started at once from one prepared cluster hold nothing of each other', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'botyard-clusters-'))
  await chmod(folder, 0o755)
  process.env.TEST_CLUSTER_FOLDER = folder
  t.after(async () => {
    delete process.env.TEST_CLUSTER_FOLDER
    await rm(folder, { recursive: true })
  })

  const [one, two] = await Promise.all([startPostgres(), startPostgres()])
  t.after(() => Promise.all([one.stop(), two.stop()]))

  await query(one.url, 'CREATE TABLE bots ()')
  assert.deepEqual(await query(two.url, `SELECT to_regclass('bots') AS bots`), [{ bots: null }])
  assert.deepEqual(await readdir(folder), ['cluster'])
  const identifier = 'SELECT system_identifier FROM pg_control_system()'
  assert.deepEqual(await query(one.url, identifier), await query(two.url, identifier))
})

async function query(url: string, sql: string) {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(sql)
  await client.end()
  return rows
}

test('a failing process that imports the testkit keeps its exit code', async t => {
  const child = await startProcess('--input-type=module', {
    args: ['-e', `import ${JSON.stringify(import.meta.resolve('../src/index.ts'))}; process.exitCode = 3`],
  })
  t.after(() => child.kill())

  assert.deepEqual(await child.exited, { code: 3, signal: null })
})
