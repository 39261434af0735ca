import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** Credentials per tenant of a bot, for platforms that install per tenant. */
export const tenants: Migration = {
  version: 2,
  name: 'tenants',
  async up(trx) {
    await trx.schema
      .createTable('bot_tenants')
      .addColumn('bot', 'text', col => col.notNull().references('bots.id').onDelete('cascade'))
      .addColumn('tenant', 'text', col => col.notNull())
      .addColumn('credentials', 'bytea', col => col.notNull())
      .addColumn('updated_at', 'timestamptz', col => col.notNull().defaultTo(sql`now()`))
      .addPrimaryKeyConstraint('bot_tenants_pkey', ['bot', 'tenant'])
      .execute()
  },
}
