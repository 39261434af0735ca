import type { BotProfile } from '@botyard/control-database'
import { readBotHealth } from '@botyard/send-limits'
import type { BotAdminDeps } from './bot-admin-deps.ts'
import type { BotAnswer } from './bot-schemas.ts'

/** Whether the platform takes a bot's credentials, as the answer shows it. */
export type BotHealth = BotAnswer['health']

/** Reads the health of bots, in their order. Never fails: while Redis is away it is unknown, and the bots are shown all the same. */
export async function healthOf(
  { redis, logger }: Pick<BotAdminDeps, 'redis' | 'logger'>,
  bots: readonly Pick<BotProfile, 'id' | 'platform' | 'version'>[],
): Promise<BotHealth[]> {
  try {
    const unhealthy = await readBotHealth(redis, bots)
    return bots.map(({ id }) => {
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
