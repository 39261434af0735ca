import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Logger } from 'pino'
import type { ControlSchema } from './control-schema.ts'

/** A connection to the control database, or a transaction on it. */
export type ControlDatabase = Kysely<ControlSchema>

const CONNECT_TIMEOUT_MS = 3_000
const STATEMENT_TIMEOUT_MS = 5_000
/** The client's own limit stands beyond the server's: it ends a query whose server has frozen or is out of reach. */
const QUERY_TIMEOUT_MS = 7_000

/** Opens a pool on the control database; connects on first use, so it never throws. Close it with `destroy()`. */
export function createControlDatabase(options: { url: string; poolSize: number; logger: Logger }): ControlDatabase {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'botyard',
    types: { getTypeParser },
  })
  // An idle connection that breaks is replaced by the next query; unheard, this event would end the process.
  pool.on('error', err => options.logger.warn({ err }, 'idle control database connection lost'))
  return new Kysely<ControlSchema>({ dialect: new PostgresDialect({ pool }) })
}

/** Change numbers and audit ids stay far below 2^53, so here a bigint column is a plain number, not a string. */
const getTypeParser: typeof pg.types.getTypeParser = ((oid: number, format?: 'text' | 'binary') =>
  oid === pg.types.builtins.INT8 && format !== 'binary'
    ? Number
    : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser
