import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** The keys that processes had in their rings, for their age. */
export const keys: Migration = {
  version: 5,
  name: 'keys',
  async up(trx) {
    await trx.schema
      .createTable('keyring_keys')
      .addColumn('id', 'text', col => col.notNull())
      .addColumn('fingerprint', 'text', col => col.notNull())
      .addColumn('first_seen', 'timestamptz', col => col.notNull().defaultTo(sql`now()`))
      .addColumn('first_active', 'timestamptz')
      .addColumn('last_active', 'timestamptz')
      .addPrimaryKeyConstraint('keyring_keys_pkey', ['id', 'fingerprint'])
      .execute()
  },
}
