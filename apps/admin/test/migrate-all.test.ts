import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { ControlDatabase } from '@botyard/control-database'
import { lockUntilCommit } from '@botyard/control-database/advisory-locks'
import { createKeyring } from '@botyard/service-kit'
import { postgresFaults, startPostgres, type TestPostgres } from '@botyard/testkit'
import { readMigrationConfig } from '../src/config.ts'
import { migrateAll } from '../src/migrate-all.ts'
import { openDatabase, silent } from './helper.ts'

let postgres: TestPostgres
before(async () => {
  postgres = await startPostgres()
})
after(() => postgres.stop())

test('a migrator waits for another one, an hour if need be', async t => {
  const url = await postgres.createDatabase()
  const other = await hold(openDatabase(t, url), 'migrations')
  const faults = await postgresFaults(url)
  t.after(() => faults.close())
  const keys = JSON.stringify({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } })
  const config = readMigrationConfig({ CONTROL_DATABASE_URL: url, KEYRING: keys })

  t.mock.timers.enable({ apis: ['setTimeout'] })
  const migrating = migrateAll({
    ...{ config, logger: silent, dryRun: false },
    keyring: createKeyring(config.KEYRING),
  })
  await faults.untilWaiting()
  // node-postgres itself keeps the limit of a query.
  t.mock.timers.tick(3_600_000)
  t.mock.timers.reset()
  await other.release()

  assert.equal(await migrating, true)
})

/** Another process that holds a lock until it is told. */
async function hold(db: ControlDatabase, name: Parameters<typeof lockUntilCommit>[1]) {
  const [locked, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const holding = db.transaction().execute(async trx => {
    await lockUntilCommit(trx, name)
    locked.resolve()
    await release.promise
  })
  await locked.promise
  return {
    async release() {
      release.resolve()
      await holding
    },
  }
}
