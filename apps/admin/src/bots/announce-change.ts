import { announceBotChange } from '@botyard/control-database/notices'
import type { BotAdminDeps } from './bot-admin-deps.ts'

const timeoutMs = 2_000

/**
 * Waits until all gateways and workers have a committed change, two seconds at most. Never fails: the change
 * stands, and who missed the notice asks the control database within a second.
 */
export async function announceChange(
  { redis, logger, metrics }: Pick<BotAdminDeps, 'redis' | 'logger' | 'metrics'>,
  change: number,
): Promise<void> {
  try {
    const announcement = await announceBotChange({ redis, change, timeoutMs })
    metrics.announced(announcement.status)
    if (announcement.status === 'unacknowledged')
      logger.warn({ change, members: announcement.members }, 'bot change not acknowledged by all in time')
  } catch (err) {
    metrics.announced('unannounced')
    logger.warn({ err, change }, 'bot change not announced, instances will find it by polling')
  }
}
