import type { ShardMigration } from './migration.ts'

/**
 * Marks that a move writes at its source and waits for at its target. Replication applies transactions in the
 * order of their commits, so all that was written before a mark has arrived once the mark has.
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
