import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/**
 * A `uid` as the scope of a bot's users, so that a new bot with an old id starts without them; erasures of
 * removed bots' data.
 */
export const botUids: Migration = {
  version: 8,
  name: 'bot-uids',
  async up(trx) {
    await trx.schema
      .alterTable('bots')
      .addColumn('uid', 'text')
      .addColumn('recreated', 'boolean', col => col.notNull().defaultTo(false))
      .execute()
    // The users of the bots that exist were stored under the bot's id.
    await sql`update bots set uid = id`.execute(trx)
    await trx.schema
      .alterTable('bots')
      .alterColumn('uid', col => col.setNotNull())
      .execute()
    await trx.schema
      .createTable('erasures')
      .addColumn('id', 'uuid', col => col.primaryKey())
      .addColumn('bot', 'text', col => col.notNull())
      .addColumn('uid', 'text', col => col.notNull())
      .addColumn('platform', 'text', col => col.notNull())
      .addColumn('rows', 'bigint', col => col.notNull().defaultTo(0))
      .addColumn('requested_at', 'timestamptz', col => col.notNull().defaultTo(sql`now()`))
      .addColumn('done_at', 'timestamptz')
      .addColumn('runner', 'text')
      .addColumn('leased_until', 'timestamptz')
      .execute()
  },
}
