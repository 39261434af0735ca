import { sql } from 'kysely'
import type { Logger } from 'pino'
import { ControlServerTooOldError } from '../errors.ts'
import type { ControlDatabase } from './control-database.ts'

/** Row filters of publications, by which users are moved from shard to shard, came with it. */
const oldestPostgres = 15

/** Clocks that differ by more are said, in ms. */
const maxSkewMs = 1_000

/** Throws {@link ControlServerTooOldError} on a Postgres that this build cannot work with. */
export async function assertControlServer(db: ControlDatabase, oldest = oldestPostgres): Promise<void> {
  const { rows } = await sql<{ number: number; version: string }>`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as version
  `.execute(db)
  const { number, version } = rows[0]!
  if (number < oldest * 10_000) throw new ControlServerTooOldError(version, oldest)
}

/** Says what of the server will be trouble later: too few connections for the pools, another time. */
export async function warnOfControlServer(
  db: ControlDatabase,
  { poolSize, logger, now = () => Date.now() }: { poolSize: number; logger: Logger; now?: () => number },
): Promise<void> {
  const sentAtMs = now()
  const { rows } = await sql<{ nowMs: number; max: number; used: number }>`
    select extract(epoch from clock_timestamp())::float8 * 1000 as "nowMs",
      current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as max,
      (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used
  `.execute(db)
  const { nowMs, max, used } = rows[0]!
  const aheadMs = Math.round(nowMs - (sentAtMs + now()) / 2)
  // One of those that are used is this very one.
  if (used - 1 + poolSize > max) {
    logger.warn(
      { code: 'CTL_FEW_CONNECTIONS', poolSize, used, max },
      'the control database may run out of connections: raise max_connections or lower CONTROL_POOL_SIZE, see docs/runbooks/shard-connections.md',
    )
  }
  if (Math.abs(aheadMs) > maxSkewMs) {
    logger.warn(
      { code: 'CTL_CLOCK', aheadMs },
      "the control database's clock and this machine's differ: keep both by NTP, leases of moves and ages suffer",
    )
  }
}
