import { type BotId, partitionTag } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'

/** Which group each bot is in, as far as it is in one, as each partition was told last. */
export function readGroups(redis: Redis, partitions: number): Promise<ReadonlyMap<BotId, string>[]> {
  return Promise.all(
    Array.from({ length: partitions }, async (_, partition) => {
      return new Map(Object.entries(await redis.hgetall(`${partitionTag(partition)}:grouped`)))
    }),
  )
}
