import { OpenSockets } from '@botyard/service-kit'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'
import type { Logger } from 'pino'
import { isControlDatabaseAway } from './is-control-database-away.ts'

const connectTimeoutMs = 3_000
const statementTimeoutMs = 5_000
/**
 * The client's own limit stands beyond the server's: it ends a query whose server has frozen or is out of
 * reach.
 */
const defaultQueryTimeoutMs = 7_000
/** After a failed connection no call tries for this long, in ms, doubled each time up to the maximum. */
const firstPauseMs = 10
const maxPauseMs = 500
/** How long `end` waits for a server that may be frozen, in ms. */
const endTimeoutMs = 2_000

/**
 * The connections to the control database. One that breaks never ends the process, and is never given out
 * again: node-postgres keeps a client whose query timed out, and every later query would wait behind the one
 * that is never answered.
 */
export class ControlPool implements PostgresPool {
  readonly #sockets = new OpenSockets()
  readonly #pool: pg.Pool
  #failed: unknown
  #pauseMs = 0
  #pauseEndsAt = 0

  constructor(options: { url: string; poolSize: number; logger: Logger; queryTimeoutMs?: number }) {
    this.#pool = new pg.Pool({
      connectionString: options.url,
      max: options.poolSize,
      connectionTimeoutMillis: connectTimeoutMs,
      statement_timeout: statementTimeoutMs,
      query_timeout: options.queryTimeoutMs ?? defaultQueryTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      application_name: 'botyard',
      stream: this.#sockets.create,
      types: { getTypeParser },
    })
    // An idle connection that breaks is replaced by the next query; unheard, this event would end the
    // process.
    this.#pool.on('error', err => options.logger.warn({ err }, 'idle control database connection lost'))
    // The same for a connection in use, whose query is told as well.
    this.#pool.on('connect', client => client.on('error', () => {}))
  }

  /** For Kysely's type; it needs none of them. */
  get options(): object {
    return {}
  }

  async connect(): Promise<PostgresPoolClient> {
    if (performance.now() < this.#pauseEndsAt) throw this.#failed
    const client = await this.#pool.connect().catch(error => {
      this.#pause(error)
      throw error
    })
    this.#pauseMs = 0
    return leased(client)
  }

  async end(): Promise<void> {
    // The pool's own promise waits for the connections in use, and then not for their sockets.
    await Promise.all([this.#pool.end(), this.#sockets.closeWithin(endTimeoutMs)])
  }

  #pause(error: unknown): void {
    // A pool that is used up says nothing about the server.
    if (!isControlDatabaseAway(error) || (error as Error).message.startsWith('timeout exceeded')) return
    this.#failed = error
    this.#pauseMs = Math.min(Math.max(this.#pauseMs * 2, firstPauseMs), maxPauseMs)
    this.#pauseEndsAt = performance.now() + this.#pauseMs * (0.75 + Math.random() / 2)
  }
}

/**
 * A client that a caller holds. After an error of the connection it answers nothing more and is thrown away.
 */
function leased(client: pg.PoolClient): PostgresPoolClient {
  let broken: unknown
  return {
    async query(statement: unknown, parameters?: readonly unknown[]) {
      if (broken !== undefined) throw broken
      try {
        // biome-ignore lint/suspicious/noExplicitAny: node-postgres's overloads, which the caller chooses from.
        return await client.query(statement as any, parameters as any)
      } catch (error) {
        if (isControlDatabaseAway(error)) broken = error
        throw error
      }
    },
    release: (discard?: boolean) => client.release(discard === true || broken !== undefined),
  } as unknown as PostgresPoolClient
}

/**
 * Change numbers and audit ids stay far below 2^53, so here a bigint column is a plain number, not a string.
 */
const getTypeParser: typeof pg.types.getTypeParser = ((oid: number, format?: 'text' | 'binary') =>
  oid === pg.types.builtins.INT8 && format !== 'binary'
    ? Number
    : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser
