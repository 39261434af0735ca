import { isatty } from 'node:tty'
import closeWithGrace from 'close-with-grace'
import type { Logger } from 'pino'

/**
 * Calls `close` once at SIGTERM, SIGINT and the like, or at an error that nobody caught; the process then
 * exits by itself with 0, or with 1 after an error, a failed close, a close that took longer than `delayMs`,
 * or a second signal. SIGHUP is one of them only where there is a terminal that can hang up: not under nohup,
 * nor in a container. With `leaveErrors` errors that nobody caught are left to somebody else.
 */
export function runUntilSignal({
  logger,
  delayMs,
  leaveErrors = false,
  close,
}: {
  logger: Logger
  delayMs: number
  leaveErrors?: boolean
  close: () => Promise<void>
}): void {
  if (!hasTerminal()) process.on('SIGHUP', () => logger.info('SIGHUP ignored: there is no terminal'))
  closeWithGrace(
    {
      delay: delayMs,
      logger,
      onTimeout: () => logger.error({ delayMs }, 'close took too long'),
      skip: [...(hasTerminal() ? [] : (['SIGHUP'] as const)), ...(leaveErrors ? errorEvents : [])],
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

const errorEvents = ['uncaughtException', 'unhandledRejection'] as const

/**
 * Node undoes what nohup did to SIGHUP, so that cannot be asked; but nohup leaves no terminal on any of the
 * three.
 */
function hasTerminal(): boolean {
  return [0, 1, 2].some(fd => isatty(fd))
}
