import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** Bots, their change numbers, reported handlers, dead letters and the audit log. */
export const controlTables: Migration = {
  version: 1,
  name: 'control-tables',
  async up(trx) {
    await trx.schema
      .createTable('bots')
      .addColumn('id', 'text', col => col.primaryKey())
      .addColumn('platform', 'text', col => col.notNull())
      .addColumn('handler', 'text', col => col.notNull())
      .addColumn('credentials', 'bytea', col => col.notNull())
      .addColumn('settings', 'jsonb', col => col.notNull())
      .addColumn('version', 'bigint', col => col.notNull())
      .addColumn('created_at', 'timestamptz', col => col.notNull().defaultTo(sql`now()`))
      .addColumn('updated_at', 'timestamptz', col => col.notNull().defaultTo(sql`now()`))
      .execute()
    await trx.schema
      .createTable('bot_changes')
      .addColumn('bot', 'text', col => col.primaryKey())
      .addColumn('change', 'bigint', col => col.notNull().unique())
      .execute()
    await trx.schema
      .createTable('handlers')
      .addColumn('name', 'text', col => col.primaryKey())
      .addColumn('reported_at', 'timestamptz', col => col.notNull().defaultTo(sql`now()`))
      .execute()
    await trx.schema
      .createTable('dead_letters')
      .addColumn('id', 'text', col => col.primaryKey())
      .addColumn('bot', 'text', col => col.notNull())
      .addColumn('conversation', 'text', col => col.notNull())
      .addColumn('reason', 'text', col => col.notNull())
      .addColumn('envelope', 'bytea', col => col.notNull())
      .addColumn('tries', 'integer', col => col.notNull())
      .addColumn('accepted_at', 'timestamptz', col => col.notNull())
      .addColumn('died_at', 'timestamptz', col => col.notNull())
      .execute()
    await trx.schema
      .createIndex('dead_letters_bot_died_at')
      .on('dead_letters')
      .columns(['bot', 'died_at desc', 'id'])
      .execute()
    await trx.schema.createIndex('dead_letters_died_at').on('dead_letters').column('died_at').execute()
    await trx.schema
      .createTable('audit_log')
      .addColumn('id', 'bigint', col => col.primaryKey().generatedAlwaysAsIdentity())
      .addColumn('at', 'timestamptz', col => col.notNull().defaultTo(sql`now()`))
      .addColumn('actor', 'text', col => col.notNull())
      .addColumn('role', 'text', col => col.notNull())
      .addColumn('action', 'text', col => col.notNull())
      .addColumn('target', 'text', col => col.notNull())
      .addColumn('details', 'jsonb', col => col.notNull())
      .execute()
    await trx.schema
      .createIndex('audit_log_target_at')
      .on('audit_log')
      .columns(['target', 'at desc'])
      .execute()
  },
}
