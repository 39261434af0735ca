import { setTimeout as delay } from 'node:timers/promises'
import type { BotDirectory } from '@botyard/control-database'
import type { Mail } from '@botyard/mailbox'
import type { Content, PlatformAdapter } from '@botyard/platforms'
import { botOf, type InboundUpdate, type OutboundMessage, type Platform } from '@botyard/queue-contracts'
import { type Keyring, RecentMap } from '@botyard/service-kit'
import type { Logger } from 'pino'
import type { Dispatcher } from 'undici'
import type { TenantCredentials } from '../outbox/tenant-credentials.ts'
import { addressed } from './address-reply.ts'
import { openWithoutRaw } from './open-inbound.ts'
import type { Respond } from './respond.ts'
import { nameOf } from './update-name.ts'

/** Tells platforms that show that they wait (a button in progress, "thinking") what became of an update. */
export interface Acknowledge {
  /** The handler answered the platform's call itself. Holds for later tries of the update too. */
  responded(mail: Mail): void
  /** What goes out before the replies of a handler that succeeded, if anything does. */
  handled(mail: Mail, update: InboundUpdate, said: readonly Content[]): Content | undefined
  /**
   * The update was given up. Not awaited, repeated only if the platform asks for a pause, and a failure of it
   * is only logged.
   */
  failed(mail: Mail): void
}

/** What acknowledging needs. */
export interface AcknowledgeDeps {
  readonly adapters: Readonly<Record<Platform, PlatformAdapter>>
  readonly bots: Pick<BotDirectory, 'get'>
  readonly dispatcher: Dispatcher
  readonly keyring: Keyring
  readonly logger: Logger
  readonly respond: Respond
  readonly tenantCredentials: TenantCredentials
}

/** How long telling the platform of a failure may take, in ms. */
const failedTimeoutMs = 10_000

/** Calls that handlers answered: between an update's tries seconds pass, and few bots answer calls. */
const mostResponded = 10_000

/**
 * Replies and their acknowledgement are settled with the update, so it is acknowledged once. An update that
 * is given up has no replies: its failure goes past the outbox, as the user may look at a spinner that the
 * outbox would leave turning.
 */
export function createAcknowledge(deps: AcknowledgeDeps): Acknowledge {
  const { adapters, bots, dispatcher, keyring, logger, respond, tenantCredentials } = deps
  const answered = new RecentMap<true>(mostResponded)

  async function tellFailure(mail: Mail): Promise<void> {
    const bot = bots.get(botOf(mail.conversation))
    const adapter = bot && adapters[bot.platform]
    if (!bot || !(adapter?.acknowledge || adapter?.answer)) return
    const update = openWithoutRaw(keyring, mail)
    // No try comes any more that could answer the call: it gets its fallback.
    respond(update, mail.hash, undefined)
    const content = adapter.acknowledge?.(update, [], answered.get(nameOf(mail)) ? 'responded' : 'failed')
    if (content === undefined) return
    const message: OutboundMessage = addressed(update, content, 'failed')
    const tenant = await tenantCredentials(bot.id, update.tenant)
    const signal = AbortSignal.timeout(failedTimeoutMs)
    const send = () => adapter.send(message, bot.credentials, { dispatcher, signal, tenant })
    let result = await send()
    // Discord knows the interaction only once the gateway's fallback has arrived, which leaves at the same
    // time.
    while (result.status === 'retry' && !result.counts && result.afterMs !== undefined) {
      await delay(result.afterMs, undefined, { signal })
      result = await send()
    }
    if (result.status !== 'sent') throw new Error(result.reason)
  }

  return {
    responded: mail => answered.set(nameOf(mail), true),
    handled(mail, update, said) {
      const adapter = adapters[update.platform]
      if (adapter.acknowledge === undefined) return undefined
      // Few calls wait: most updates need no look.
      const responded = update.respond !== undefined && answered.get(nameOf(mail)) === true
      return adapter.acknowledge(update, said, responded ? 'responded' : 'handled')
    },
    failed(mail) {
      tellFailure(mail).catch(err => {
        const { conversation } = mail
        logger.warn(
          { err, conversation, update: nameOf(mail) },
          'platform not told that the update was given up',
        )
      })
    },
  }
}
