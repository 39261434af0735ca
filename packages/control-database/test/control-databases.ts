import { randomBytes } from 'node:crypto'
import { after, before, type TestContext } from 'node:test'
import { createKeyring } from '@botyard/service-kit'
import { startPostgres, type TestPostgres } from '@botyard/testkit'
import { pino } from 'pino'
import type { NewBot } from '../src/bots/bot.ts'
import { type ControlDatabase, createControlDatabase } from '../src/database/control-database.ts'
import { migrateControl } from '../src/database/migrate-control.ts'

export { until } from '@botyard/testkit'
export { countDeletions } from './count-deletions.ts'

export const logger = pino({ level: 'silent' })
export const keys = { active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }
export const keyring = createKeyring(keys)

/** A Postgres for all tests of a file; each test gets databases of its own. */
export function controlDatabases(settings: Readonly<Record<string, string>> = {}) {
  let postgres: TestPostgres
  let migrated: Promise<string> | undefined
  before(async () => {
    postgres = await startPostgres({ settings })
  })
  after(() => postgres.stop())

  const open = (t: TestContext, url: string, poolSize = 5): ControlDatabase => {
    const db = createControlDatabase({ url, poolSize, logger })
    t.after(() => db.destroy())
    return db
  }
  return {
    create: () => postgres.createDatabase(),
    open,
    /** A migrated one to which nobody is connected. */
    async migratedUrl(): Promise<string> {
      migrated ??= migrate(await postgres.createDatabase())
      return postgres.createDatabase({ like: await migrated })
    },
    async migrated(t: TestContext): Promise<ControlDatabase> {
      migrated ??= migrate(await postgres.createDatabase())
      return open(t, await postgres.createDatabase({ like: await migrated }))
    },
  }
}

async function migrate(url: string): Promise<string> {
  const db = createControlDatabase({ url, poolSize: 1, logger })
  await migrateControl(db, logger)
  await db.destroy()
  return url
}

export function newBot(id: string, overrides: Partial<NewBot> = {}): NewBot {
  return {
    id,
    platform: 'telegram',
    handler: 'echo',
    credentials: { token: `123:${id}-token`, webhookSecret: 'sesame' },
    settings: {},
    ...overrides,
  }
}
