import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** Recipients without a result: what is looked for again and again, among millions that are done. */
export const openRecipients: Migration = {
  version: 9,
  name: 'open-recipients',
  async up(trx) {
    await trx.schema
      .createIndex('broadcast_recipients_open')
      .on('broadcast_recipients')
      .columns(['broadcast', 'n'])
      .where(sql.ref('outcome'), 'is', null)
      .execute()
  },
}
