import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { ControlSchemaError } from '../errors.ts'
import type { ControlDatabase } from './control-database.ts'
import { assertControlSchema } from './control-schema-version.ts'

const retryMs = 500

/**
 * Waits until the control database answers, and logs once that it waits. Rejects with `ControlSchemaError` if
 * its schema is older than the app; rejects with an `AbortError` when `signal` is aborted.
 */
export async function waitForControlSchema(
  db: ControlDatabase,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await assertControlSchema(db)
    } catch (err) {
      if (err instanceof ControlSchemaError) throw err
      if (attempt === 1) logger.warn({ err }, 'control database is away, waiting for it')
    }
    await delay(retryMs, undefined, { signal })
  }
}
