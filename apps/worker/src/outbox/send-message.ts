import { type Bot, type BotDirectory, BotDirectoryUnavailableError } from '@botyard/control-database'
import type { Disposition, Mail } from '@botyard/mailbox'
import type { PlatformAdapter, SendResult } from '@botyard/platforms'
import { botOf, type OutboundMessage, type Platform } from '@botyard/queue-contracts'
import type { SendLimits } from '@botyard/send-limits'
import { type Keyring, KeyringError } from '@botyard/service-kit'
import type { Tracing } from '@botyard/service-kit/tracing'
import type { Logger } from 'pino'
import type { Dispatcher } from 'undici'
import { paceEvenly } from '../broadcasts/pace-evenly.ts'
import { recordResult } from '../broadcasts/record-result.ts'
import { createUsualTimes } from '../broadcasts/usual-times.ts'
import { BotGoneError } from '../errors.ts'
import { judgeSend } from '../failures/judge-send.ts'
import { isOfPredecessor } from '../inbox/predecessor.ts'
import type { SentOutcome, WorkerMetrics } from '../metrics.ts'
import type { Identities } from './identities.ts'
import { openOutbound } from './open-outbound.ts'
import { createReportSendOutcome } from './report-send-outcome.ts'
import type { TenantCredentials } from './tenant-credentials.ts'
import { traceSend } from './trace-send.ts'

/** What sending needs. */
export interface SendMessageDeps {
  readonly adapters: Readonly<Record<Platform, PlatformAdapter>>
  readonly bots: Pick<BotDirectory, 'lookup'>
  readonly dispatcher: Dispatcher
  readonly identities: Pick<Identities, 'learn'>
  readonly keyring: Keyring
  readonly limits: SendLimits
  readonly metrics: WorkerMetrics
  readonly logger: Logger
  readonly tenantCredentials: TenantCredentials
  readonly tracing?: Tracing | undefined
}

/** What is known of a send whose process died: that may be before the bytes left or after. */
const interrupted: SendResult = { status: 'uncertain', reason: 'interrupted' }

/**
 * The last step of an update's way: sends one reply, and says what its outcome means for the chat's outbox.
 */
export function createSendMessage(
  deps: SendMessageDeps,
): (mail: Mail, signal: AbortSignal) => Promise<Disposition> {
  const {
    adapters,
    bots,
    dispatcher,
    identities,
    keyring,
    limits,
    metrics,
    logger,
    tenantCredentials,
    tracing,
  } = deps
  const reportSendOutcome = createReportSendOutcome(deps)
  const usualTimes = createUsualTimes()

  return async function sendMessage(mail, signal) {
    const bot = await bots.lookup(botOf(mail.conversation))
    if (bot === undefined) throw new BotGoneError(botOf(mail.conversation))
    const message = openOutbound(keyring, mail)
    if (isOfPredecessor(bot, message)) throw new BotGoneError(bot.id)
    if (mail.interrupted && (bot.settings.uncertainSends ?? 'resend') !== 'resend') {
      report(message, mail, interrupted)
      return recordResult(message, judgeSend(interrupted, mail, bot))
    }
    const adapter = adapters[bot.platform]
    const tenant = await credentialsOfTenant(bot, message.tenant)
    const { id, platform, version } = bot
    const sender = { id, platform, version, tenant: tenant === undefined ? undefined : message.tenant }
    const bulk = message.broadcast !== undefined
    const limitsOf = adapter.limits?.(message, bot.credentials, bot.settings.limits ?? {}, bulk) ?? []
    const under = bulk ? paceEvenly(limitsOf) : limitsOf
    const reserved = message.broadcast?.slot
    const asked = await limits.take(sender, under, { asker: mail.conversation, bulk, reserved, signal })
    if (!asked.granted) {
      metrics.held(platform, asked.kind)
      // Refused credentials stop the whole bot, at no cost per conversation.
      if (asked.kind === 'health' && tenant === undefined) return { do: 'pause', afterMs: asked.afterMs }
      return { do: 'retry', afterMs: asked.afterMs, counts: false }
    }
    // Waiting for the limits may have taken long: what leaves now must still be this process's to send.
    mail.checkHold()
    const startedAt = performance.now()
    const send = () => adapter.send(message, bot.credentials, { dispatcher, signal, tenant })
    const result = await traceSend(tracing, message, mail, send)
    const tookMs = performance.now() - startedAt
    // A tenant's own account is another one than the bot's.
    if (result.self !== undefined && tenant === undefined) identities.learn(bot, result.self)
    // Once for each send that may be the second to arrive, and for none that a limit or a 429 kept from it.
    if (mail.interrupted && result.status === 'sent') report(message, mail, interrupted)
    report(message, mail, result, tookMs)
    const lateMs = bulk ? asked.lateMs + usualTimes.beyond(bot, tookMs) : 0
    const pauseMs = await reportSendOutcome(sender, under, asked, result, lateMs)
    return recordResult(message, judgeSend(result, mail, bot, { pauseMs, isOfTenant: tenant !== undefined }))
  }

  async function credentialsOfTenant({ id }: Bot, tenant: string | undefined): Promise<unknown> {
    try {
      return await tenantCredentials(id, tenant)
    } catch (cause) {
      if (cause instanceof KeyringError) throw cause
      throw new BotDirectoryUnavailableError(id, { cause })
    }
  }

  function report(
    { bot, platform, broadcast, receivedAtMs }: OutboundMessage,
    mail: Mail,
    result: SendResult,
    ms?: number,
  ): void {
    metrics.sent(platform, outcomeOf(result), ms)
    // Keyed names: of some platforms an update's own id holds the chat or the user.
    const reply = mail.hash.toString('base64url')
    const took = ms === undefined ? undefined : Math.round(ms)
    const line = { bot, reply, conversation: mail.conversation, attempt: mail.tries + 1, ms: took }
    if (result.status === 'sent') {
      if (broadcast === undefined) metrics.replied(platform, Date.now() - receivedAtMs)
      logger.debug(line, 'reply sent')
    } else {
      // Every tenth recipient may have blocked the bot: they are in the broadcast's results, and would drown
      // the rest of the log.
      const expected = broadcast !== undefined && result.status === 'failed' && result.blame === 'recipient'
      logger[expected ? 'debug' : 'warn'](
        { ...line, outcome: outcomeOf(result), reason: result.reason },
        'reply not sent',
      )
    }
  }
}

function outcomeOf(result: SendResult): SentOutcome {
  if (result.status !== 'retry') return result.status
  return result.counts ? 'retried' : 'limited'
}
