import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { ControlSchemaError, ControlServerTooOldError } from '../errors.ts'
import type { ControlDatabase } from './control-database.ts'
import { assertControlSchema } from './control-schema-version.ts'
import { assertControlServer } from './control-server.ts'

const retryMs = 500

/**
 * Waits until the control database answers, and logs once that it waits. Rejects with `ControlSchemaError` if
 * its schema is older than the app, with `ControlServerTooOldError` if Postgres is; with an `AbortError` when
 * `signal` is aborted.
 */
export async function waitForControlSchema(
  db: ControlDatabase,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await assertControlServer(db)
      return await assertControlSchema(db)
    } catch (err) {
      if (err instanceof ControlSchemaError || err instanceof ControlServerTooOldError) throw err
      if (attempt === 1) logger.warn(whyOf(err), 'control database is away, waiting for it')
    }
    await delay(retryMs, undefined, { signal })
  }
}

/** Postgres's own words for being used up do not say what to do. */
function whyOf(err: unknown): object {
  if ((err as { code?: string }).code !== '53300') return { err }
  const problem =
    'all its connections are taken: raise max_connections, or lower CONTROL_POOL_SIZE or the number of processes'
  return { err, code: 'CTL_NO_CONNECTIONS', problem }
}
