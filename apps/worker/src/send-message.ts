import type { Mail, Verdict } from '@botyard/mailbox'
import type { PlatformAdapter, SendResult } from '@botyard/platforms'
import { botOf, decodeOutbound, type OutboundMessage, type Platform } from '@botyard/queue-contracts'
import type { Keyring } from '@botyard/service-kit'
import type { Bot, BotDirectory } from '@botyard/shard-routing'
import type { Logger } from 'pino'
import type { Dispatcher } from 'undici'
import { bury } from './bury.ts'
import { BotGoneError } from './errors.ts'
import { backOffMs } from './judge-failure.ts'
import type { SentOutcome, WorkerMetrics } from './metrics.ts'

/** What sending needs. */
export interface SendMessageDeps {
  readonly adapters: Readonly<Record<Platform, PlatformAdapter>>
  readonly bots: Pick<BotDirectory, 'lookup'>
  readonly dispatcher: Dispatcher
  readonly keyring: Keyring
  readonly metrics: WorkerMetrics
  readonly logger: Logger
}

/** Tries of a reply that the platform answers with errors: with the back-off, about six minutes. */
const mostTries = 12

/** A pause that the platform asks for without saying how long, in ms. */
const defaultPauseMs = 1_000

/** The last step of an update's way: sends one reply, and says what its outcome means for the chat's outbox. */
export function createSendMessage(deps: SendMessageDeps): (mail: Mail, signal: AbortSignal) => Promise<Verdict> {
  const { adapters, bots, dispatcher, keyring, metrics, logger } = deps

  return async function sendMessage(mail, signal) {
    const bot = await bots.lookup(botOf(mail.conversation))
    if (bot === undefined) throw new BotGoneError(botOf(mail.conversation))
    const message = decodeOutbound(keyring.open(mail.body, `${mail.conversation}|out`))
    if (mail.interrupted) {
      const result: SendResult = { status: 'uncertain', reason: 'interrupted' }
      report(message, mail, result, 0)
      const policy = bot.settings.uncertainSends ?? 'resend'
      if (policy !== 'resend') return judge(result, mail, bot)
    }
    const startedAt = performance.now()
    const result = await adapters[bot.platform].send(message, bot.credentials, { dispatcher, signal })
    report(message, mail, result, performance.now() - startedAt)
    return judge(result, mail, bot)
  }

  /** What a send's outcome means: the only place that decides it. */
  function judge(result: SendResult, mail: Mail, bot: Bot): Verdict {
    switch (result.status) {
      case 'sent':
        return { do: 'ack' }
      case 'failed':
        return bury('outbox', mail, 'WRK_SEND_REFUSED')
      case 'retry':
        if (!result.counts) return { do: 'retry', afterMs: result.afterMs ?? defaultPauseMs, counts: false }
        return again(mail, result.afterMs)
      case 'uncertain':
        switch (bot.settings.uncertainSends ?? 'resend') {
          case 'resend':
            return again(mail, undefined)
          case 'drop':
            return bury('outbox', mail, 'WRK_SEND_UNCERTAIN')
          case 'hold':
            return { do: 'park', reason: 'WRK_SEND_UNCERTAIN' }
        }
    }
  }

  function again(mail: Mail, afterMs: number | undefined): Verdict {
    if (mail.tries + 1 >= mostTries) return bury('outbox', mail, 'WRK_SEND_FAILED')
    return { do: 'retry', afterMs: afterMs ?? backOffMs(mail.tries), counts: true }
  }

  function report(
    { id, bot, platform, receivedAtMs }: OutboundMessage,
    mail: Mail,
    result: SendResult,
    ms: number,
  ): void {
    metrics.sent(platform, outcomeOf(result), ms)
    const line = { bot, reply: id, conversation: mail.conversation, tries: mail.tries, ms: Math.round(ms) }
    if (result.status === 'sent') {
      metrics.replied(platform, Date.now() - receivedAtMs)
      logger.debug(line, 'reply sent')
    } else {
      logger.warn({ ...line, outcome: outcomeOf(result), reason: result.reason }, 'reply not sent')
    }
  }
}

function outcomeOf(result: SendResult): SentOutcome {
  if (result.status !== 'retry') return result.status
  return result.counts ? 'retried' : 'limited'
}
