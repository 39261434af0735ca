import type { Logger } from 'pino'
import type { HostPool } from './host-pool.ts'
import type { ShardPoolSettings } from './shard-pool-settings.ts'

/** Each process looks at the host on a connection of its own. */
const probesPerProcess = 1

/**
 * Warns if all instances together may ask for more connections than the server has: the last ones would be
 * refused just when load is highest. Behind PgBouncer its own limits count, and the server's say nothing.
 */
export async function checkConnectionBudget(
  host: HostPool,
  { shard, settings, logger }: { shard: string; settings: ShardPoolSettings; logger: Logger },
): Promise<void> {
  if (settings.pgbouncer) return
  try {
    const client = await host.connect()
    try {
      const { rows } = await client.query<{ max: number; reserved: number }>(
        `select current_setting('max_connections')::int as max, current_setting('superuser_reserved_connections')::int as reserved`,
      )
      const { max = 0, reserved = 0 } = rows[0] ?? {}
      const needed = (settings.size + probesPerProcess) * settings.instances
      if (needed <= max - reserved) return
      const advice =
        'raise max_connections, lower SHARD_POOL_SIZE, or put PgBouncer in between (SHARD_PGBOUNCER); see docs/runbooks/shard-connections.md'
      logger.warn(
        { shard, host: host.label, needed, available: max - reserved, instances: settings.instances, advice },
        'shard may run out of connections',
      )
    } finally {
      client.release()
    }
  } catch {
    // The host went away again; its successor is checked too.
  }
}
