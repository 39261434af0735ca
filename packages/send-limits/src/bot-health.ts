import type { BotId } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { healthKey, unhealthyKey } from './keys.ts'
import type { Sender } from './sender.ts'

/** A bot whose credentials the platform refused: its sends wait, but for one probe a minute. */
export interface BotHealth {
  readonly since: Date
  /** A stable code. */
  readonly reason: string
}

/**
 * Those of these bots whose credentials are refused, as they are now: what was said of an older version does
 * not count.
 */
export async function readBotHealth(
  redis: Redis,
  bots: readonly Pick<Sender, 'id' | 'version'>[],
): Promise<ReadonlyMap<BotId, BotHealth>> {
  const marks = await Promise.all(
    bots.map(({ id }) => redis.hmget(healthKey(id), 'version', 'since', 'reason')),
  )
  const found = new Map<BotId, BotHealth>()
  for (const [i, { id, version }] of bots.entries()) {
    const [refused, since, reason] = marks[i]!
    if (since && Number(refused) >= version)
      found.set(id, { since: new Date(Number(since)), reason: reason ?? '' })
  }
  return found
}

/** All bots that are marked, for a metric; forgets those whose mark has expired. */
export async function listUnhealthyBots(redis: Redis): Promise<BotId[]> {
  const listed = await redis.zrange(unhealthyKey, '0', '-1')
  const marked = await Promise.all(listed.map(bot => redis.exists(healthKey(bot))))
  const gone = listed.filter((_, i) => marked[i] === 0)
  if (gone.length > 0) await redis.zrem(unhealthyKey, ...gone)
  return listed.filter((_, i) => marked[i] === 1)
}
