import { sql } from 'kysely'
import { ShardServerTooOldError } from '../errors.ts'
import type { ShardDatabase } from '../shard-schema.ts'

/** Row filters of publications, by which users are moved from shard to shard, came with it. */
const oldestPostgres = 15

/** Throws {@link ShardServerTooOldError} on a Postgres that this build cannot work with. */
export async function assertShardServer(
  db: ShardDatabase,
  shard: string,
  oldest = oldestPostgres,
): Promise<void> {
  const { rows } = await sql<{ number: number; version: string }>`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as version
  `.execute(db)
  const { number, version } = rows[0]!
  if (number < oldest * 10_000) throw new ShardServerTooOldError(shard, version, oldest)
}
