import type { Bot } from '@botyard/control-database'
import type { Disposition, Mail } from '@botyard/mailbox'
import type { SendResult } from '@botyard/platforms'
import { backOffMs } from './back-off.ts'
import { toDeadLetter } from './to-dead-letter.ts'

/** Tries of a reply that the platform answers with errors: with the back-off, about six minutes. */
const maxTries = 12

/** A pause that the platform asks for without saying how long, in ms. */
const defaultPauseMs = 1_000

/** How long a message waits whose bot's credentials were refused while the limits cannot say, in ms. */
const unhealthyPauseMs = 60_000

/** What is known of refused credentials. */
export interface RefusedSend {
  /** How long until they are tried again, in ms. */
  readonly pauseMs?: number | undefined
  /** They are those of a tenant, not the bot's own. */
  readonly isOfTenant?: boolean
}

/**
 * Decides what the outcome of a send means for the reply: sent, tried again, parked or given up. A bot whose
 * credentials were refused waits as a whole. What a send *throws* is judged by `judgeFailure`.
 */
export function judgeSend(
  result: SendResult,
  mail: Mail,
  bot: Bot,
  { pauseMs = unhealthyPauseMs, isOfTenant = false }: RefusedSend = {},
): Disposition {
  switch (result.status) {
    case 'sent':
      return { do: 'ack' }
    case 'failed':
      switch (result.blame) {
        case 'message':
          return toDeadLetter('outbox', mail, 'WRK_SEND_REFUSED')
        case 'recipient':
          return toDeadLetter('outbox', mail, 'WRK_RECIPIENT_GONE')
        case 'credentials':
          // Everything else that the bot sends would be refused too; a tenant's credentials are its own
          // chats' alone.
          return isOfTenant
            ? { do: 'retry', afterMs: pauseMs, counts: false }
            : { do: 'pause', afterMs: pauseMs }
      }
      break
    case 'retry':
      if (!result.counts) return { do: 'retry', afterMs: result.afterMs ?? defaultPauseMs, counts: false }
      return tryAgain(mail, result.afterMs)
    case 'uncertain':
      switch (bot.settings.uncertainSends ?? 'resend') {
        case 'resend':
          return tryAgain(mail, undefined)
        case 'drop':
          return toDeadLetter('outbox', mail, 'WRK_SEND_UNCERTAIN')
        case 'hold':
          return { do: 'park', reason: 'WRK_SEND_UNCERTAIN' }
      }
  }
}

function tryAgain(mail: Mail, afterMs: number | undefined): Disposition {
  if (mail.tries + 1 >= maxTries) return toDeadLetter('outbox', mail, 'WRK_SEND_FAILED')
  return { do: 'retry', afterMs: afterMs ?? backOffMs(mail.tries), counts: true }
}
