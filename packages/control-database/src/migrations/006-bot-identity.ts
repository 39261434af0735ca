import type { Migration } from './migration.ts'

/** Who each bot is at its platform, as far as it has told; null until then. */
export const botIdentity: Migration = {
  version: 6,
  name: 'bot-identity',
  async up(trx) {
    await trx.schema.alterTable('bots').addColumn('identity', 'jsonb').execute()
  },
}
