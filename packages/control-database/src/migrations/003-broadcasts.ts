import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** Broadcasts and their recipients. */
export const broadcasts: Migration = {
  version: 3,
  name: 'broadcasts',
  async up(trx) {
    await trx.schema
      .createTable('broadcasts')
      .addColumn('id', 'text', col => col.primaryKey())
      .addColumn('bot', 'text', col => col.notNull().references('bots.id').onDelete('cascade'))
      .addColumn('state', 'text', col => col.notNull())
      .addColumn('message', 'bytea', col => col.notNull())
      .addColumn('recipients', 'bigint', col => col.notNull().defaultTo(0))
      .addColumn('released', 'bigint', col => col.notNull().defaultTo(0))
      .addColumn('sent', 'bigint', col => col.notNull().defaultTo(0))
      .addColumn('failed', 'bigint', col => col.notNull().defaultTo(0))
      .addColumn('uncertain', 'bigint', col => col.notNull().defaultTo(0))
      .addColumn('runner', 'text')
      .addColumn('leased_until', 'timestamptz')
      .addColumn('created_at', 'timestamptz', col => col.notNull().defaultTo(sql`now()`))
      .addColumn('ended_at', 'timestamptz')
      .execute()
    await trx.schema
      .createIndex('broadcasts_bot')
      .on('broadcasts')
      .columns(['bot', 'created_at desc'])
      .execute()
    await trx.schema.createIndex('broadcasts_state').on('broadcasts').column('state').execute()
    await trx.schema
      .createTable('broadcast_recipients')
      .addColumn('broadcast', 'text', col => col.notNull().references('broadcasts.id').onDelete('cascade'))
      .addColumn('n', 'bigint', col => col.notNull())
      .addColumn('recipient', 'bytea', col => col.notNull())
      .addColumn('outcome', 'text')
      .addColumn('reason', 'text')
      .addColumn('at', 'timestamptz')
      .addPrimaryKeyConstraint('broadcast_recipients_pkey', ['broadcast', 'n'])
      .execute()
  },
}
