import type { DatabaseConnection, Driver, TransactionSettings } from 'kysely'
import { AbortedTransactionError } from 'kysely'
import type { ConnectionSource } from './connection-source.ts'
import type { PreparedNames } from './prepared-names.ts'
import { ShardConnection } from './shard-connection.ts'
import type { ShardPoolSettings } from './shard-pool-settings.ts'

/** Kysely's way to a shard: the same `Kysely` goes on when another host becomes the primary. */
export class ShardDriver implements Driver {
  readonly #source: ConnectionSource
  readonly #settings: ShardPoolSettings
  readonly #names: PreparedNames | undefined
  readonly #onRetry: () => void

  constructor(options: {
    source: ConnectionSource
    settings: ShardPoolSettings
    names: PreparedNames | undefined
    /** A single statement is run again. */
    onRetry: () => void
  }) {
    this.#source = options.source
    this.#settings = options.settings
    this.#names = options.names
    this.#onRetry = options.onRetry
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const lease = await this.#source.acquire()
    return new ShardConnection({ source: this.#source, names: this.#names, onRetry: this.#onRetry }, lease)
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const { isolationLevel, accessMode } = settings
    const modes = [
      ...(isolationLevel ? [`isolation level ${isolationLevel}`] : []),
      ...(accessMode ? [accessMode] : []),
    ]
    // One round trip. Behind PgBouncer the limits cannot stand for the session: the next transaction gets
    // another one.
    const { statementTimeoutMs, idleInTransactionTimeoutMs } = this.#settings
    const limits = this.#settings.pgbouncer
      ? `; set local statement_timeout = ${statementTimeoutMs}; set local idle_in_transaction_session_timeout = ${idleInTransactionTimeoutMs}`
      : ''
    await own(connection).begin(`start transaction ${modes.join(', ')}${limits}`)
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    if ((await own(connection).commit()) === 'rolled-back') throw new AbortedTransactionError()
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await own(connection).rollback()
  }

  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await own(connection).command(`savepoint ${quoted(name)}`)
  }

  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await own(connection).command(`rollback to ${quoted(name)}`)
  }

  async releaseSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await own(connection).command(`release ${quoted(name)}`)
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    own(connection).release()
  }

  /** The pool closes the source. */
  async destroy(): Promise<void> {}
}

function own(connection: DatabaseConnection): ShardConnection {
  return connection as ShardConnection
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
