import type { Bot } from '@botyard/control-database'
import type { Mail, Verdict } from '@botyard/mailbox'
import type { SendResult } from '@botyard/platforms'
import { backOffMs } from './back-off.ts'
import { toDeadLetter } from './to-dead-letter.ts'

/** Tries of a reply that the platform answers with errors: with the back-off, about six minutes. */
const maxTries = 12

/** A pause that the platform asks for without saying how long, in ms. */
const defaultPauseMs = 1_000

/** How long a message waits whose bot's credentials were refused while the limits cannot say, in ms. */
const unhealthyPauseMs = 60_000

/**
 * Decides what the outcome of a send means for the reply: sent, tried again, parked or given up. `pauseMs` is
 * how long a bot whose credentials were refused waits. What a send *throws* is judged by `judgeFailure`.
 */
export function judgeSend(result: SendResult, mail: Mail, bot: Bot, pauseMs = unhealthyPauseMs): Verdict {
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
          return { do: 'retry', afterMs: pauseMs, counts: false }
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

function tryAgain(mail: Mail, afterMs: number | undefined): Verdict {
  if (mail.tries + 1 >= maxTries) return toDeadLetter('outbox', mail, 'WRK_SEND_FAILED')
  return { do: 'retry', afterMs: afterMs ?? backOffMs(mail.tries), counts: true }
}
