import type { ConnectionOptions } from 'node:tls'

/** How a process uses each of its shards. Times in ms. */
export interface ShardPoolSettings {
  /** Most connections of this process to a shard. */
  readonly size: number
  /** How many processes with such a pool there are, to check `size` against the server's `max_connections`. */
  readonly instances: number
  /** The longest wait for a connection, new or freed. */
  readonly acquireTimeoutMs: number
  /** Postgres ends a statement that takes longer. */
  readonly statementTimeoutMs: number
  /** Postgres ends the connection of a transaction whose client does nothing for longer. */
  readonly idleInTransactionTimeoutMs: number
  /** Named statements, planned once a connection. */
  readonly preparedStatements: boolean
  /** The hosts are PgBouncers in transaction mode: nothing may be set for a session. */
  readonly pgbouncer: boolean
  /** Over what the url's `sslmode` says; `undefined` leaves it to the url. */
  readonly tls: ConnectionOptions | undefined
}

export const defaultSettings: ShardPoolSettings = {
  size: 20,
  instances: 1,
  acquireTimeoutMs: 3_000,
  statementTimeoutMs: 10_000,
  idleInTransactionTimeoutMs: 15_000,
  preparedStatements: true,
  pgbouncer: false,
  tls: undefined,
}
