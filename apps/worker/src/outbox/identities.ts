import type { Bot, BotStore } from '@botyard/control-database'
import { type BotId, type BotIdentity, isAllKnown } from '@botyard/queue-contracts'
import type { Logger } from 'pino'

/** Who the bots are, with what this process has learned since the directory did. */
export interface Identities {
  of(bot: Pick<Bot, 'id' | 'version' | 'identity'>): BotIdentity | undefined
  /** Takes what the answer to a send told. Not awaited: the reply is sent, whatever becomes of this. */
  learn(bot: Pick<Bot, 'id' | 'version' | 'identity'>, told: BotIdentity): void
}

/** Stores who a bot is, and tells every process. */
export type StoreIdentity = (
  bot: Pick<Bot, 'id' | 'version'>,
  told: BotIdentity,
) => Promise<Awaited<ReturnType<BotStore['identify']>>['status']>

/**
 * Should a platform tell something else with every send, the control database hears of it once in this time,
 * in ms.
 */
const pauseMs = 60_000
const pauseAfterFailureMs = 1_000

/**
 * Learns who bots are from the answers to their sends. What is known is compared in memory; what is new
 * counts here at once, as the platform may deliver the bot's own message within milliseconds, and for the
 * others once it is stored.
 */
export function createIdentities(deps: { storeIdentity: StoreIdentity; logger: Logger }): Identities {
  const { storeIdentity, logger } = deps
  const learned = new Map<BotId, { readonly version: number; readonly identity: BotIdentity }>()
  const pausedUntil = new Map<BotId, number>()

  function identityOf(bot: Pick<Bot, 'id' | 'version' | 'identity'>): BotIdentity | undefined {
    const newer = learned.get(bot.id)
    // Of another version the directory knows better: it was stored, or the credentials are other ones.
    return newer?.version === bot.version ? newer.identity : bot.identity
  }

  async function store(bot: Pick<Bot, 'id' | 'version'>, told: BotIdentity): Promise<void> {
    try {
      const status = await storeIdentity(bot, told)
      if (status === 'superseded') pausedUntil.delete(bot.id)
      if (status === 'changed')
        logger.info({ bot: bot.id, identity: told }, 'bot identified by its own message')
    } catch (err) {
      pausedUntil.set(bot.id, performance.now() + pauseAfterFailureMs)
      logger.warn({ err, bot: bot.id }, 'identity of the bot not stored, it will be with a later reply')
    }
  }

  return {
    of: identityOf,
    learn(bot, told) {
      if (isAllKnown(bot.identity, told)) return
      const identity = { ...identityOf(bot), ...told }
      learned.set(bot.id, { version: bot.version, identity })
      const now = performance.now()
      if ((pausedUntil.get(bot.id) ?? 0) > now) return
      pausedUntil.set(bot.id, now + pauseMs)
      void store(bot, identity)
    },
  }
}
