import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { createAuditLog } from '../src/audit-log.ts'
import { createHandlerStore } from '../src/bots/handler-store.ts'
import { lockUntilCommit } from '../src/database/advisory-locks.ts'
import type { ControlDatabase } from '../src/database/control-database.ts'
import { assertControlSchema, controlSchemaVersion } from '../src/database/control-schema-version.ts'
import { migrateControl } from '../src/database/migrate-control.ts'
import { waitForControlSchema } from '../src/database/wait-for-control-schema.ts'
import { createDeadLetterStore, type DeadLetter } from '../src/dead-letter-store.ts'
import { ControlSchemaError } from '../src/errors.ts'
import { controlMigrations } from '../src/migrations/index.ts'
import { registerShards } from '../src/shards/register-shards.ts'
import { createShardStore } from '../src/shards/shard-store.ts'
import { controlDatabases, keyring, logger } from './control-databases.ts'

// One file for what is small, since each file starts a Postgres of its own.
const databases = controlDatabases()

test('migrations that several processes start at once run once each', async t => {
  const url = await databases.create()
  const processes = Array.from({ length: 4 }, () => databases.open(t, url, 1))

  await Promise.all(processes.map(db => migrateControl(db, logger)))

  const rows = await processes[0]!
    .selectFrom('schema_migrations')
    .select('version')
    .orderBy('version')
    .execute()
  assert.deepEqual(
    rows.map(row => row.version),
    controlMigrations.map(migration => migration.version),
  )
})

test('shards are registered when another migrator is done, whatever the limit of a statement', async t => {
  const db = await databases.migrated(t)
  const [locked, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const other = db.transaction().execute(async trx => {
    await lockUntilCommit(trx, 'shardChanges')
    locked.resolve()
    await release.promise
  })
  await locked.promise
  const limited = (ms: number, work: (trx: ControlDatabase) => Promise<void>) =>
    db.transaction().execute(async trx => {
      await sql`set local statement_timeout = ${sql.lit(ms)}`.execute(trx)
      await work(trx)
    })
  const shards = [{ id: 'east', hosts: ['postgres://postgres@127.0.0.1:1/east'] }]

  const registering = limited(50, trx => registerShards({ control: trx, keyring, shards, logger }))
  await assert.rejects(
    limited(300, trx => lockUntilCommit(trx, 'shardChanges')),
    /statement timeout/,
  )
  release.resolve()
  await Promise.all([other, registering])

  assert.deepEqual(
    (await createShardStore(db, keyring).list()).map(({ id }) => id),
    ['east'],
  )
})

test('migrations are numbered from 1 without gaps', () => {
  assert.deepEqual(
    controlMigrations.map(migration => migration.version),
    controlMigrations.map((_, index) => index + 1),
  )
})

test('an app refuses a database that was never migrated and says what to run', async t => {
  const db = databases.open(t, await databases.create())

  await assert.rejects(
    waitForControlSchema(db, logger, new AbortController().signal),
    (error: ControlSchemaError) => {
      assert.ok(error instanceof ControlSchemaError)
      assert.deepEqual(
        [error.code, error.found, error.needed],
        ['CTL_SCHEMA_TOO_OLD', 0, controlSchemaVersion],
      )
      return /npm run migrate/.test(error.message)
    },
  )
})

test('an app accepts its own schema and a newer one', async t => {
  const db = await databases.migrated(t)

  await assertControlSchema(db)
  await db
    .insertInto('schema_migrations')
    .values({ version: controlSchemaVersion + 1, name: 'of-a-newer-build' })
    .execute()
  await assertControlSchema(db)
})

test('handlers that workers report, again and at the same time, are known once each', async t => {
  const handlers = createHandlerStore(await databases.migrated(t))

  await Promise.all([
    handlers.report(['quiz', 'echo']),
    handlers.report(['echo', 'quiz', 'echo']),
    handlers.report([]),
  ])

  assert.deepEqual(
    (await handlers.list()).map(handler => handler.name),
    ['echo', 'quiz'],
  )
  assert.equal(await handlers.exists('echo'), true)
  assert.equal(await handlers.exists('Echo'), false)
})

test('a letter that is copied again stays one, as it was first', async t => {
  const db = await databases.migrated(t)
  const letters = createDeadLetterStore(db)
  const first = letter('1', 'shop', '2026-11-02T00:00:00Z')

  await letters.insert([first])
  await letters.insert([{ ...first, tries: 9 }, letter('2', 'shop', '2026-11-03T00:00:00Z')])
  await letters.insert([])

  const found = await letters.list({ limit: 10 })
  assert.deepEqual(
    found.map(({ id, tries }) => [id, tries]),
    [
      ['2', 5],
      ['1', 5],
    ],
  )
  const row = await db
    .selectFrom('dead_letters')
    .select('envelope')
    .where('id', '=', '1')
    .executeTakeFirstOrThrow()
  assert.deepEqual(row.envelope, first.envelope)
})

test('letters are listed newest first, of one bot or of all, without their envelopes', async t => {
  const letters = createDeadLetterStore(await databases.migrated(t))
  await letters.insert([
    letter('a', 'shop', '2026-11-02T00:00:00Z'),
    letter('b', 'quiz', '2026-11-04T00:00:00Z'),
    letter('c', 'shop', '2026-11-03T00:00:00Z'),
  ])

  const ofAll = await letters.list({ limit: 2 })
  const ofShop = await letters.list({ bot: 'shop', limit: 10 })

  assert.deepEqual(
    ofAll.map(found => found.id),
    ['b', 'c'],
  )
  const { envelope, ...profile } = letter('c', 'shop', '2026-11-03T00:00:00Z')
  assert.deepEqual(ofShop[0], profile)
  assert.equal(ofShop.length, 2)
})

test('pruning deletes what died before a time and says how many', async t => {
  const letters = createDeadLetterStore(await databases.migrated(t))
  await letters.insert([
    letter('old', 'shop', '2026-11-02T00:00:00Z'),
    letter('new', 'shop', '2026-11-04T00:00:00Z'),
  ])

  assert.equal(await letters.prune(new Date('2026-11-03T00:00:00Z')), 1)

  assert.deepEqual(
    (await letters.list({ limit: 10 })).map(found => found.id),
    ['new'],
  )
})

test('the audit log keeps its entries, newest first', async t => {
  const log = createAuditLog(await databases.migrated(t))
  const entry = {
    actor: 'alice',
    role: 'owner',
    action: 'bot.create',
    target: 'shop',
    details: { handler: 'echo' },
  }

  await log.append(entry)
  await log.append({ ...entry, action: 'bot.delete', details: {} })

  const entries = await log.list({ limit: 10 })
  assert.deepEqual(
    entries.map(({ at, ...rest }) => rest),
    [{ ...entry, action: 'bot.delete', details: {} }, entry],
  )
  assert.ok(entries.every(({ at }) => at instanceof Date))
})

function letter(id: string, bot: string, diedAt: string): DeadLetter {
  return {
    id,
    bot,
    conversation: `${bot}/AAAAAAAAAAAAAAAAAAAAAA`,
    reason: 'WRK_HANDLER_FAILED',
    envelope: Buffer.from([0, 1, 255]),
    tries: 5,
    acceptedAt: new Date('2026-11-01T00:00:00Z'),
    diedAt: new Date(diedAt),
  }
}
