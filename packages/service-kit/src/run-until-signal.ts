import closeWithGrace from 'close-with-grace'
import type { Logger } from 'pino'
import { isChild, onStopOrder } from './cluster/child-side.ts'

/** How a process ends. */
export interface RunOptions {
  readonly logger: Logger
  /** How long the close may take, in ms. */
  readonly delayMs: number
  /** Errors that nobody caught are somebody else's. */
  readonly leaveErrors?: boolean
  /** What SIGHUP does; it never ends the process. */
  readonly onHangUp?: () => void
  close(): Promise<void>
}

const errorEvents = ['uncaughtException', 'unhandledRejection'] as const

/**
 * Calls `close` once at SIGTERM, SIGINT and the like, or at an error that nobody caught; the process then
 * exits by itself with 0, or with 1 after an error, a failed close, a close that took longer than `delayMs`,
 * or a second signal. A child of a primary closes at its word too, and leaves to it what a terminal or a
 * second signal means for all of them.
 */
export function runUntilSignal({ logger, delayMs, leaveErrors = false, onHangUp, close }: RunOptions): void {
  let why: string | undefined
  const child = isChild()
  // Never throws: it logs, or begins a reload.
  process.on('SIGHUP', onHangUp ?? (() => logger.info('SIGHUP changes nothing: secret files are followed')))
  const closing = closeWithGrace(
    {
      delay: delayMs,
      logger,
      onTimeout: () => logger.error({ delayMs }, 'close took too long'),
      skip: [
        'SIGHUP',
        ...(child ? (['SIGINT', 'SIGTERM'] as const) : []),
        ...(leaveErrors ? errorEvents : []),
      ],
    },
    async ({ err, signal = why }) => {
      why ??= signal ?? 'error'
      if (err) logger.fatal({ err }, 'uncaught error')
      else logger.info({ signal }, 'closing')
      await close()
      logger.info('closed')
      await new Promise<void>(resolve => logger.flush(() => resolve()))
    },
  )
  if (!child) return
  const closeOnce = (because: string) => {
    if (why !== undefined) return
    why = because
    // Never throws: it begins the close.
    closing.close()
  }
  // Never throws. What a terminal sends to all processes is the primary's to judge.
  process.on('SIGINT', () => undefined)
  // Never throws. A service manager may send it to all processes: it is no second signal.
  process.on('SIGTERM', () => closeOnce('SIGTERM'))
  onStopOrder(closeOnce)
}
