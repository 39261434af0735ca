import closeWithGrace from 'close-with-grace'
import type { Logger } from 'pino'

/**
 * Calls `close` once at SIGTERM, SIGINT and the like, or at an error that nobody caught; the process then exits by
 * itself with 0, or with 1 after an error, a failed close, a close that took longer than `delayMs`, or a second signal.
 */
export function runUntilSignal({
  logger,
  delayMs,
  close,
}: {
  logger: Logger
  delayMs: number
  close: () => Promise<void>
}): void {
  closeWithGrace(
    {
      delay: delayMs,
      logger,
      onTimeout: () => logger.error({ delayMs }, 'close took too long'),
    },
    async ({ err, signal }) => {
      if (err) logger.fatal({ err }, 'uncaught error')
      else logger.info({ signal }, 'closing')
      await close()
      logger.info('closed')
      await new Promise<void>(resolve => logger.flush(() => resolve()))
    },
  )
}
