// Brings the control database to this build's schema, before the apps start: node apps/admin/src/migrate.ts
import { createLogger } from '@botyard/service-kit'
import { controlSchemaVersion, createControlDatabase, migrateControl } from '@botyard/shard-routing'
import { readMigrationConfig } from './config.ts'

const config = readMigrationConfig()
const logger = createLogger({ name: 'migrate', level: config.LOG_LEVEL })
const db = createControlDatabase({ url: config.CONTROL_DATABASE_URL, poolSize: 1, logger })

try {
  await migrateControl(db, logger)
  logger.info({ version: controlSchemaVersion }, 'control database is up to date')
} catch (err) {
  logger.fatal({ err }, 'control database not migrated')
  process.exitCode = 1
} finally {
  await db.destroy()
}
