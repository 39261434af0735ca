import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/**
 * The shards, every version of the shard map, the moves of ranges between shards, and the timelines seen of
 * each. Keys are numeric: the end of the last range is 2^63, one more than a bigint holds.
 */
export const shards: Migration = {
  version: 4,
  name: 'shards',
  async up(trx) {
    await trx.schema
      .createTable('shards')
      .addColumn('id', 'text', col => col.primaryKey())
      .addColumn('hosts', 'bytea', col => col.notNull())
      .addColumn('version', 'bigint', col => col.notNull())
      .addColumn('created_at', 'timestamptz', col => col.notNull().defaultTo(sql`now()`))
      .addColumn('updated_at', 'timestamptz', col => col.notNull().defaultTo(sql`now()`))
      .execute()
    await trx.schema
      .createTable('shard_map')
      .addColumn('version', 'bigint', col => col.primaryKey())
      .addColumn('ranges', 'jsonb', col => col.notNull())
      .addColumn('reason', 'text', col => col.notNull())
      .addColumn('created_at', 'timestamptz', col => col.notNull().defaultTo(sql`now()`))
      .execute()
    await trx.schema
      .createTable('shard_moves')
      .addColumn('id', 'text', col => col.primaryKey())
      .addColumn('source', 'text', col => col.notNull().references('shards.id'))
      .addColumn('target', 'text', col => col.notNull().references('shards.id'))
      .addColumn('from_key', sql`numeric(20)`, col => col.notNull())
      .addColumn('to_key', sql`numeric(20)`, col => col.notNull())
      .addColumn('step', 'text', col => col.notNull())
      .addColumn('state', 'text', col =>
        col.notNull().check(sql`state in ('running', 'cancelling', 'done', 'cancelled', 'failed')`),
      )
      .addColumn('counts', 'jsonb', col => col.notNull().defaultTo(sql`'{}'`))
      .addColumn('error', 'text')
      .addColumn('runner', 'text')
      .addColumn('leased_until', 'timestamptz')
      .addColumn('created_at', 'timestamptz', col => col.notNull().defaultTo(sql`now()`))
      .addColumn('updated_at', 'timestamptz', col => col.notNull().defaultTo(sql`now()`))
      .addColumn('ended_at', 'timestamptz')
      .addCheckConstraint('shard_moves_range', sql`from_key < to_key and source <> target`)
      .execute()
    await trx.schema
      .createTable('shard_timelines')
      .addColumn('shard', 'text', col => col.notNull())
      .addColumn('system', 'text', col => col.notNull())
      .addColumn('timeline', 'integer', col => col.notNull())
      .addPrimaryKeyConstraint('shard_timelines_pkey', ['shard', 'system'])
      .execute()
    await trx.schema.createIndex('shard_moves_state').on('shard_moves').column('state').execute()
  },
}
