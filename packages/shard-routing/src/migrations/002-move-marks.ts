import type { ShardMigration } from './migration.ts'

/**
 * What a move writes at its source to see at its target: replication applies transactions in the order of their commits, so what
 * was written before a mark has arrived once the mark has.
 */
export const moveMarks: ShardMigration = {
  version: 2,
  name: 'move-marks',
  async up(trx) {
    await trx.schema
      .createTable('move_marks')
      .addColumn('move', 'text', col => col.primaryKey())
      .addColumn('mark', 'text', col => col.notNull())
      .execute()
  },
}
