import type { Migration } from './migration.ts'

/** What a handler threw on its last try, sealed: its text may quote the user. */
export const deadLetterErrors: Migration = {
  version: 7,
  name: 'dead-letter-errors',
  async up(trx) {
    await trx.schema.alterTable('dead_letters').addColumn('error', 'bytea').execute()
  },
}
