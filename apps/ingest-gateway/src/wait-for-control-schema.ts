import { setTimeout as delay } from 'node:timers/promises'
import { assertControlSchema, type ControlDatabase, ControlSchemaError } from '@botyard/shard-routing'
import type { Logger } from 'pino'

const RETRY_MS = 500

/** Waits until the control database answers, telling so once; rejects with `ControlSchemaError` when its schema is too old. */
export async function waitForControlSchema(db: ControlDatabase, logger: Logger, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await assertControlSchema(db)
    } catch (err) {
      if (err instanceof ControlSchemaError) throw err
      if (attempt === 1) logger.warn({ err }, 'control database is away, waiting for it')
    }
    await delay(RETRY_MS, undefined, { signal })
  }
}
