import { sql } from 'kysely'
import type { ShardDatabase } from '../shard-schema.ts'

/**
 * Fences a table of users: every write asks `botyard_fence()`. Rows that logical replication applies are
 * exempt, because a move fills a range before the target owns it.
 */
export async function attachFence(trx: ShardDatabase, table: string): Promise<void> {
  await sql`create or replace trigger botyard_fence before insert or update or delete on ${sql.id(table)}
    for each row execute function botyard_fence()`.execute(trx)
}
