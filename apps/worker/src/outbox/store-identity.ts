import type { BotStore } from '@botyard/control-database'
import { announceBotChange } from '@botyard/control-database/notices'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { StoreIdentity } from './identities.ts'

/**
 * How long processes may take to have it, in ms; those that did not ask the control database within a second.
 */
const announceTimeoutMs = 2_000

/** Stores an identity in the control database and announces it to every gateway and worker. */
export function createStoreIdentity(deps: {
  store: Pick<BotStore, 'identify'>
  redis: Redis
  logger: Logger
}): StoreIdentity {
  const { store, redis, logger } = deps
  return async (bot, told) => {
    const stored = await store.identify(bot, told)
    if (stored.status === 'changed') {
      const change = stored.bot.version
      await announceBotChange({ redis, change, timeoutMs: announceTimeoutMs }).catch(err =>
        logger.warn({ err, change }, 'bot change not announced, instances will find it by polling'),
      )
    }
    return stored.status
  }
}
