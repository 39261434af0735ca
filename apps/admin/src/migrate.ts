// Brings the control database and the user shards to this build's schema, before the apps start: npm run
// migrate With --dry-run it says what is pending, and changes nothing. The bots' own tables follow: npm run
// migrate-bots
import { parseArgs } from 'node:util'
import { configOrExit, createKeyring, createLogger } from '@botyard/service-kit'
import { readMigrationConfig } from './config.ts'
import { migrateAll } from './migrate-all.ts'

const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } })
const config = configOrExit(readMigrationConfig)
const logger = createLogger({ name: 'migrate', level: config.LOG_LEVEL })

try {
  const done = await migrateAll({
    config,
    keyring: createKeyring(config.KEYRING),
    logger,
    dryRun: values['dry-run'],
  })
  if (!done) process.exitCode = 1
} catch (err) {
  logger.fatal({ err }, 'databases not migrated')
  process.exitCode = 1
}
