// Brings the bots' own tables on all user shards to what their code needs, before the workers start, and
// after those of apps/admin/src/migrate.ts: npm run migrate-bots. With --dry-run it says what is pending, and
// changes nothing.
import { parseArgs } from 'node:util'
import { assertControlSchema, createControlDatabase } from '@botyard/control-database'
import { createShardStore, createTimelineStore } from '@botyard/control-database/shards'
import { configOrExit, createKeyring, createLogger } from '@botyard/service-kit'
import { shardPoolSettings } from '@botyard/shard-routing'
import { logShardReports, migrateShards } from '@botyard/shard-routing/migrations'
import { readMigrationConfig } from './config.ts'
import { migrationsOf } from './handlers/bot-migrations.ts'
import { loadBots } from './handlers/load-bots.ts'

const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } })
const config = configOrExit(readMigrationConfig)
const logger = createLogger({ name: 'migrate', level: config.LOG_LEVEL })
const db = createControlDatabase({
  url: config.CONTROL_DATABASE_URL,
  poolSize: config.CONTROL_POOL_SIZE,
  logger,
})

try {
  const handlers = await loadBots(config.BOTS_DIR)
  await assertControlSchema(db)
  const reports = await migrateShards({
    shards: await createShardStore(db, createKeyring(config.KEYRING)).list(),
    sets: migrationsOf(handlers),
    control: db,
    logger,
    dryRun: values['dry-run'],
    settings: shardPoolSettings(config),
    memory: createTimelineStore(db),
  })
  if (!logShardReports(logger, reports)) process.exitCode = 1
} catch (err) {
  logger.fatal({ err }, 'shards not migrated')
  process.exitCode = 1
} finally {
  await db.destroy()
}
