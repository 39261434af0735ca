import type { Migration } from './migration.ts'

/** The error of a handler's last try, sealed because its text may quote the user. */
export const deadLetterErrors: Migration = {
  version: 7,
  name: 'dead-letter-errors',
  async up(trx) {
    await trx.schema.alterTable('dead_letters').addColumn('error', 'bytea').execute()
  },
}
