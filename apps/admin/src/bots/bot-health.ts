import { type BotProfile, liveHandlers } from '@botyard/control-database'
import { readBotHealth } from '@botyard/send-limits'
import type { BotAdminDeps } from './bot-admin-deps.ts'
import type { BotHealth } from './bot-schemas.ts'

/**
 * Reads the health of bots, in their order. Never fails: while Redis is away it is unknown, and the bots are
 * shown all the same.
 */
export async function healthOf(
  { redis, logger }: Pick<BotAdminDeps, 'redis' | 'logger'>,
  bots: readonly Pick<BotProfile, 'id' | 'platform' | 'version' | 'handler'>[],
): Promise<BotHealth[]> {
  try {
    const [unhealthy, live] = await Promise.all([readBotHealth(redis, bots), liveHandlers(redis)])
    return bots.map(({ id, handler }) => {
      // Before all else: without code nothing is sent that could be refused.
      if (!live.has(handler)) return { status: 'unhealthy', reason: 'WRK_HANDLER_MISSING' }
      const found = unhealthy.get(id)
      return found
        ? { status: 'unhealthy', reason: found.reason, since: found.since.toISOString() }
        : { status: 'healthy' }
    })
  } catch (err) {
    logger.warn({ err }, 'health of bots unknown')
    return bots.map(() => ({ status: 'unknown' }))
  }
}
