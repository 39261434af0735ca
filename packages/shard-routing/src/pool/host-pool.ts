import { OpenSockets, postgresHostLabel } from '@botyard/service-kit'
import pg from 'pg'
import type { Logger } from 'pino'
import { connectionOptions } from './connection-options.ts'
import type { ShardPoolSettings } from './shard-pool-settings.ts'

/**
 * The client's own limit stands beyond the server's, in ms: it ends a query whose server has frozen or is out
 * of reach.
 */
const queryGraceMs = 2_000
const idleTimeoutMs = 30_000

/** The connections to one host, for as long as it is the primary. */
export class HostPool {
  readonly url: string
  readonly timeline: number
  readonly label: string
  readonly #sockets = new OpenSockets()
  readonly #pool: pg.Pool
  readonly #whenDropped = Promise.withResolvers<never>()
  #dropped = false

  constructor(primary: { url: string; timeline: number }, settings: ShardPoolSettings, logger: Logger) {
    this.url = primary.url
    this.timeline = primary.timeline
    this.label = postgresHostLabel(primary.url)
    this.#whenDropped.promise.catch(() => {})
    this.#pool = new pg.Pool({
      ...connectionOptions(primary.url, settings, this.#sockets),
      max: settings.size,
      connectionTimeoutMillis: settings.acquireTimeoutMs,
      idleTimeoutMillis: idleTimeoutMs,
      query_timeout: settings.statementTimeoutMs + queryGraceMs,
      // PgBouncer refuses what it does not know in the first packet; there each transaction sets its own.
      ...(!settings.pgbouncer && {
        statement_timeout: settings.statementTimeoutMs,
        idle_in_transaction_session_timeout: settings.idleInTransactionTimeoutMs,
      }),
      types: { getTypeParser },
    })
    this.#pool.on('error', err => {
      // An idle connection that breaks is replaced by the next query; unheard, this event would end the
      // process.
      if (!this.#dropped) logger.debug({ host: this.label, err }, 'idle shard connection lost')
    })
    // The same for connections in use, whose query is told as well.
    this.#pool.on('connect', client => client.on('error', () => {}))
  }

  get dropped(): boolean {
    return this.#dropped
  }

  /**
   * Rejects as soon as the host is dropped; node-postgres itself would let those in line wait for the end of
   * their time.
   */
  connect(): Promise<pg.PoolClient> {
    const connecting = this.#pool.connect()
    const late = () => {
      if (this.#dropped) void connecting.then(client => client.release(true)).catch(() => {})
    }
    return Promise.race([connecting, this.#whenDropped.promise]).finally(late)
  }

  get inUse(): number {
    return this.#dropped ? 0 : this.#pool.totalCount - this.#pool.idleCount
  }

  get idle(): number {
    return this.#dropped ? 0 : this.#pool.idleCount
  }

  get waiting(): number {
    return this.#dropped ? 0 : this.#pool.waitingCount
  }

  /**
   * Breaks every connection, and every query on one: a refused host must not be written to a moment longer.
   */
  drop(): void {
    if (this.#dropped) return
    this.#dropped = true
    this.#whenDropped.reject(new HostDroppedError(this.label))
    void this.#pool.end().catch(() => {})
    this.#sockets.destroyAll()
  }

  /** Ends gently: resolves when the connections in use have been given back, or after a moment. */
  async close(graceMs: number): Promise<void> {
    if (this.#dropped) return
    this.#dropped = true
    await Promise.all([this.#pool.end(), this.#sockets.closeWithin(graceMs)])
  }
}

/** The host is no longer the primary; nothing was sent to it. */
export class HostDroppedError extends Error {
  constructor(host: string) {
    super(`${host} is not the primary any more`)
  }
}

/**
 * User keys take 63 bits: a bigint column is a `bigint` here, neither a string nor a number that loses
 * digits.
 */
const getTypeParser: typeof pg.types.getTypeParser = ((oid: number, format?: 'text' | 'binary') =>
  oid === pg.types.builtins.INT8 && format !== 'binary'
    ? BigInt
    : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser
