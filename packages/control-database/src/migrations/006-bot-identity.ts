import type { Migration } from './migration.ts'

/** The identity of each bot at its platform; null until the platform has told. */
export const botIdentity: Migration = {
  version: 6,
  name: 'bot-identity',
  async up(trx) {
    await trx.schema.alterTable('bots').addColumn('identity', 'jsonb').execute()
  },
}
