import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { until } from '@botyard/testkit'
import { Client } from 'pg'
import { pino } from 'pino'
import { createControlDatabase } from '../src/database/control-database.ts'
import { assertControlServer, warnOfControlServer } from '../src/database/control-server.ts'
import { waitForControlSchema } from '../src/database/wait-for-control-schema.ts'
import { controlDatabases } from './control-databases.ts'

/** Superusers, as the tests are, have connections of their own. */
const max = 6
const databases = controlDatabases({
  max_connections: String(max),
  superuser_reserved_connections: '0',
  reserved_connections: '0',
})

function capturedLog() {
  const lines: Record<string, unknown>[] = []
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) })
  return { logger, lines }
}

test('a Postgres that is too old is refused, with what is needed, and another start would end so too', async t => {
  const db = databases.open(t, await databases.create(), 1)

  await assertControlServer(db)
  await assert.rejects(assertControlServer(db, 99), {
    ...{ code: 'CTL_SERVER_TOO_OLD', exitCode: 78 },
    message: /^The control database runs on Postgres \d+\S* and 99 is needed: upgrade the server$/,
  })
})

test('pools that the server has too few connections for, and another clock, are told once each', async t => {
  const db = databases.open(t, await databases.create(), 1)
  const { logger, lines } = capturedLog()

  await warnOfControlServer(db, { poolSize: 1, logger })
  assert.equal(lines.length, 0)
  await warnOfControlServer(db, { poolSize: max + 1, logger, now: () => Date.now() - 60_000 })

  assert.deepEqual(
    lines.map(({ code }) => code),
    ['CTL_FEW_CONNECTIONS', 'CTL_CLOCK'],
  )
  assert.ok(Number(lines[1]!.aheadMs) > 50_000)
})

test('a Postgres whose connections are all taken is waited for, and named as such', async t => {
  const migrated = await databases.migratedUrl()
  const others = await Promise.all(Array.from({ length: max }, () => take(t, migrated)))
  const db = createControlDatabase({ url: migrated, poolSize: 1, logger: pino({ level: 'silent' }) })
  t.after(() => db.destroy())
  const { logger, lines } = capturedLog()
  const { signal } = new AbortController()

  const waiting = waitForControlSchema(db, logger, signal)
  await until(() => lines.length > 0)
  assert.deepEqual(
    [lines[0]!.code, lines[0]!.msg],
    ['CTL_NO_CONNECTIONS', 'control database is away, waiting for it'],
  )
  assert.match(String(lines[0]!.problem), /raise max_connections/)
  await others[0]!.end()

  await waiting
  assert.equal(lines.length, 1)
})

async function take(t: TestContext, url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  t.after(() => client.end())
  return client
}
