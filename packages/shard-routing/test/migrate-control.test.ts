import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  assertControlSchema,
  ControlSchemaError,
  controlSchemaVersion,
  migrateControl,
  waitForControlSchema,
} from '../src/index.ts'
import { controlMigrations } from '../src/migrations/index.ts'
import { controlDatabases, logger } from './control.ts'

const databases = controlDatabases()

test('migrations that several processes start at once run once each', async t => {
  const url = await databases.create()
  const processes = Array.from({ length: 4 }, () => databases.open(t, url, 1))

  await Promise.all(processes.map(db => migrateControl(db, logger)))

  const rows = await processes[0]!.selectFrom('schema_migrations').select('version').orderBy('version').execute()
  assert.deepEqual(
    rows.map(row => row.version),
    controlMigrations.map(migration => migration.version),
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

  await assert.rejects(waitForControlSchema(db, logger, new AbortController().signal), (error: ControlSchemaError) => {
    assert.ok(error instanceof ControlSchemaError)
    assert.deepEqual([error.code, error.found, error.needed], ['CTL_SCHEMA_TOO_OLD', 0, controlSchemaVersion])
    return /migrate\.ts/.test(error.message)
  })
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
