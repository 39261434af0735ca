import { sql } from 'kysely'
import { attachFence } from '../fence/attach-fence.ts'
import { createFence } from '../fence/create-fence.ts'
import type { ShardMigration } from './migration.ts'

/** The identity of the shard, its ranges and their fence; users, their state, and results of steps. */
export const users: ShardMigration = {
  version: 1,
  name: 'users',
  async up(trx) {
    await trx.schema
      .createTable('shard_identity')
      .addColumn('single', 'boolean', col => col.primaryKey().defaultTo(true).check(sql`single`))
      .addColumn('shard', 'text', col => col.notNull())
      .execute()
    await createFence(trx)

    await trx.schema
      .createTable('users')
      .addColumn('user_key', 'bigint', col => col.notNull())
      .addColumn('platform', 'text', col => col.notNull())
      .addColumn('scope', 'text', col => col.notNull())
      .addColumn('user_id', 'text', col => col.notNull())
      .addColumn('profile', 'jsonb', col => col.notNull().defaultTo(sql`'{}'`))
      .addColumn('version', 'bigint', col => col.notNull().defaultTo(1))
      .addColumn('update_id', 'bytea')
      .addColumn('created_at', 'timestamptz', col => col.notNull().defaultTo(sql`now()`))
      .addColumn('updated_at', 'timestamptz', col => col.notNull().defaultTo(sql`now()`))
      .addPrimaryKeyConstraint('users_pkey', ['user_key', 'platform', 'scope', 'user_id'])
      .execute()
    await trx.schema
      .createTable('user_state')
      .addColumn('user_key', 'bigint', col => col.notNull())
      .addColumn('owner', 'text', col => col.notNull())
      .addColumn('name', 'text', col => col.notNull())
      .addColumn('value', 'jsonb', col => col.notNull())
      .addColumn('version', 'bigint', col => col.notNull().defaultTo(1))
      .addColumn('update_id', 'bytea')
      .addColumn('updated_at', 'timestamptz', col => col.notNull().defaultTo(sql`now()`))
      .addPrimaryKeyConstraint('user_state_pkey', ['user_key', 'owner', 'name'])
      .execute()
    await trx.schema
      .createTable('once_results')
      .addColumn('user_key', 'bigint', col => col.notNull())
      .addColumn('update_id', 'bytea', col => col.notNull())
      .addColumn('name', 'text', col => col.notNull())
      .addColumn('result', 'jsonb', col => col.notNull())
      .addColumn('at', 'timestamptz', col => col.notNull().defaultTo(sql`now()`))
      .addPrimaryKeyConstraint('once_results_pkey', ['user_key', 'update_id', 'name'])
      .execute()
    await trx.schema.createIndex('once_results_at').on('once_results').column('at').execute()
    for (const table of ['users', 'user_state', 'once_results']) await attachFence(trx, table)
  },
}
