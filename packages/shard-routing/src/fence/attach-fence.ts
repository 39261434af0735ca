import { sql } from 'kysely'
import type { ShardDatabase } from '../shard-schema.ts'

/**
 * Has a table of users fenced, once and for all: every write asks `botyard_fence()`. What logical replication applies does not: it is
 * how a move fills a range that is not owned yet.
 */
export async function attachFence(trx: ShardDatabase, table: string): Promise<void> {
  await sql`create or replace trigger botyard_fence before insert or update or delete on ${sql.id(table)}
    for each row execute function botyard_fence()`.execute(trx)
}
