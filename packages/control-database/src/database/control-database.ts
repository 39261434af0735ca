import { Kysely, PostgresDialect } from 'kysely'
import type { Logger } from 'pino'
import { ControlPool } from './control-pool.ts'
import type { ControlSchema } from './control-schema.ts'

/** A connection to the control database, or a transaction on it. */
export type ControlDatabase = Kysely<ControlSchema>

/**
 * Opens a pool on the control database; connects on first use, so it never throws. Close it with `destroy()`.
 */
export function createControlDatabase(options: {
  url: string
  poolSize: number
  logger: Logger
  /** A query without an answer for that long has failed, and its connection is closed. */
  queryTimeoutMs?: number
}): ControlDatabase {
  return new Kysely<ControlSchema>({ dialect: new PostgresDialect({ pool: new ControlPool(options) }) })
}
