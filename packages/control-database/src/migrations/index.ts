import { controlTables } from './001-control-tables.ts'
import { tenants } from './002-tenants.ts'
import { broadcasts } from './003-broadcasts.ts'
import { shards } from './004-shards.ts'
import { keys } from './005-keys.ts'
import { botIdentity } from './006-bot-identity.ts'
import { deadLetterErrors } from './007-dead-letter-errors.ts'
import { botUids } from './008-bot-uids.ts'
import { openRecipients } from './009-open-recipients.ts'
import type { Migration } from './migration.ts'

/** Every step of the control database's schema, in order: the table of contents of its history. */
export const controlMigrations: readonly Migration[] = [
  controlTables,
  tenants,
  broadcasts,
  shards,
  keys,
  botIdentity,
  deadLetterErrors,
  botUids,
  openRecipients,
]
