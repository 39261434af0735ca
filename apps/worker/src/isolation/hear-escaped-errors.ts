import { describeWithoutText } from '@botyard/service-kit'
import type { Logger } from 'pino'
import type { WorkerMetrics } from '../metrics.ts'
import { namesOf, runningCode } from './running-code.ts'

/** What to do about errors that nobody caught. */
export interface EscapedErrorsOptions {
  readonly logger: Logger
  readonly metrics: Pick<WorkerMetrics, 'escapedError'>
}

/**
 * Hears rejections and exceptions that escaped the code that they happened in. What a bot's code started is
 * charged to the bot's update, and the process goes on. What belongs to nobody may have left anything half
 * done: the process ends at once, as if it had been killed, and others take over what it held.
 */
export function hearEscapedErrors({ logger, metrics }: EscapedErrorsOptions): void {
  const onError = (reason: unknown) => {
    const code = runningCode()
    if (code === undefined) {
      logger.fatal(
        { err: reason },
        'uncaught error of no update: the process ends as a crash; report it with this line',
      )
      process.exit(1)
    }
    const error =
      reason instanceof Error ? reason : new Error(`A ${typeof reason} that is no Error was thrown`)
    const line = { ...namesOf(code), error: describeWithoutText(error) }
    if (code.fail?.(error)) {
      metrics.escapedError('charged')
      logger.warn(
        line,
        'an error escaped the handler, its update fails: await what the handler starts, or catch it',
      )
    } else {
      metrics.escapedError('late')
      logger.error(
        line,
        'an error of a bot came after its handler had ended: await what the handler starts, or catch it',
      )
    }
  }
  // Never throws: it logs, counts and aborts.
  process.on('uncaughtException', onError)
  // Never throws: as above.
  process.on('unhandledRejection', onError)
}
