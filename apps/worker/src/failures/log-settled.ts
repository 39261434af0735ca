import type { Disposition, DrainOptions, Mail } from '@botyard/mailbox'
import { botOf } from '@botyard/queue-contracts'
import type { Logger } from 'pino'

type SettledStatus = Parameters<NonNullable<DrainOptions['onSettled']>>[2]

/**
 * Logs what an operator must know of an entry that was settled: it was given up, it parked its conversation,
 * or nothing counted.
 */
export function createLogSettled(
  logger: Logger,
): (what: 'update' | 'reply', mail: Mail, disposition: Disposition, status: SettledStatus) => void {
  return (what, mail, disposition, status) => {
    if (status !== 'refused' && status !== 'parked' && disposition.do !== 'dead') return
    const { conversation, hash, tries } = mail
    const line = {
      bot: botOf(conversation),
      conversation,
      [what]: hash.toString('base64url'),
      attempt: tries + 1,
    }
    if (status === 'refused') {
      logger.warn(line, `settle of the ${what} refused: another process holds the conversation by now`)
    } else if (disposition.do === 'dead') {
      logger.error({ ...line, reason: disposition.reason }, `${what} given up, see the dead letters`)
    } else {
      const reason = disposition.do === 'park' ? disposition.reason : 'unreadable'
      logger.error({ ...line, reason }, `${what} parked its conversation, which waits for an operator`)
    }
  }
}
