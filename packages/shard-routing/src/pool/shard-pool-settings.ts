import type { ConnectionOptions } from 'node:tls'
import type { shardPoolConfig } from '@botyard/service-kit'
import type { Static, TObject } from 'typebox'

/** How a process uses each of its shards. Times in ms. */
export interface ShardPoolSettings {
  /** The maximum of connections of this process to a shard. */
  readonly size: number
  /**
   * How many processes with such a pool there are, to check `size` against the server's `max_connections`.
   */
  readonly instances: number
  /** The longest wait for a connection, new or freed. */
  readonly acquireTimeoutMs: number
  /**
   * While no primary is known callers wait this long, since many promotions are done by then; later ones are
   * refused.
   */
  readonly primaryPatienceMs: number
  /** Postgres ends a statement that takes longer. */
  readonly statementTimeoutMs: number
  /** Postgres ends the connection of a transaction whose client does nothing for longer. */
  readonly idleInTransactionTimeoutMs: number
  /** Named statements, planned once a connection. */
  readonly preparedStatements: boolean
  /** The hosts are PgBouncers in transaction mode: nothing may be set for a session. */
  readonly pgbouncer: boolean
  /** Replaces the url's `sslmode`; `undefined` leaves it to the url. */
  readonly tls: ConnectionOptions | false | undefined
}

export const defaultSettings: ShardPoolSettings = {
  size: 20,
  instances: 1,
  acquireTimeoutMs: 3_000,
  primaryPatienceMs: 1_000,
  statementTimeoutMs: 10_000,
  idleInTransactionTimeoutMs: 15_000,
  preparedStatements: true,
  pgbouncer: false,
  tls: undefined,
}

/**
 * From the environment, see docs/configuration.md. The app has `processes` of its own, so at least as many
 * use the shards.
 */
export function shardPoolSettings(
  config: Static<TObject<typeof shardPoolConfig>>,
  processes = 1,
): ShardPoolSettings {
  const prepared = config.SHARD_PREPARED_STATEMENTS
  return {
    size: config.SHARD_POOL_SIZE,
    instances: Math.max(config.EXPECTED_INSTANCES, processes),
    acquireTimeoutMs: config.SHARD_ACQUIRE_TIMEOUT_MS,
    primaryPatienceMs: defaultSettings.primaryPatienceMs,
    statementTimeoutMs: config.SHARD_STATEMENT_TIMEOUT_MS,
    idleInTransactionTimeoutMs: config.SHARD_IDLE_IN_TRANSACTION_TIMEOUT_MS,
    preparedStatements: prepared === 'auto' ? !config.SHARD_PGBOUNCER : prepared === 'on',
    pgbouncer: config.SHARD_PGBOUNCER,
    tls: tlsOf(config),
  }
}

function tlsOf(config: Static<TObject<typeof shardPoolConfig>>): ShardPoolSettings['tls'] {
  if (config.SHARD_TLS === 'url') return undefined
  if (config.SHARD_TLS === 'off') return false
  const { SHARD_TLS_CA: ca, SHARD_TLS_CERT: cert, SHARD_TLS_KEY: key } = config
  return {
    rejectUnauthorized: config.SHARD_TLS === 'verify',
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  }
}
