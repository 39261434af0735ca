import type { BotDirectory } from '@botyard/control-database'
import type { DrainOptions } from '@botyard/mailbox'
import { botOf } from '@botyard/queue-contracts'
import type { Logger } from 'pino'
import type { OnceSteps } from '../data/once-store.ts'
import { ReplyLoopError } from '../errors.ts'
import { createLogSettled } from '../failures/log-settled.ts'
import type { WorkerMetrics } from '../metrics.ts'
import type { Acknowledge } from './acknowledge.ts'

/**
 * What happens after an update was settled: its steps are forgotten, its failure is told, counted and logged.
 */
export function createOnSettled(deps: {
  acknowledge: Acknowledge
  bots: Pick<BotDirectory, 'get'>
  logger: Logger
  metrics: WorkerMetrics
  once: OnceSteps
}): NonNullable<DrainOptions['onSettled']> {
  const { acknowledge, bots, logger, metrics, once } = deps
  const logSettled = createLogSettled(logger)

  return (mail, disposition, status) => {
    const { conversation } = mail
    const platform = bots.get(botOf(conversation))?.platform
    const isDead = disposition.do === 'dead' && status !== 'refused'
    if (isDead || (disposition.do === 'ack' && status !== 'refused')) once.forget(mail)
    if (isDead) metrics.deadLetter('inbox', disposition.reason)
    if (isDead || status === 'parked') acknowledge.failed(mail)
    if (disposition.do === 'park' && disposition.reason === ReplyLoopError.code && status === 'parked') {
      metrics.replyLoop(platform)
      logger.error(
        { conversation },
        'reply loop stopped: the bot must not answer every bot, see WRK_REPLY_LOOP',
      )
    }
    metrics.settled(platform, disposition, status)
    logSettled('update', mail, disposition, status)
  }
}
