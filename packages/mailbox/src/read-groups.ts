import { type BotId, partitionTag } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { eachPartition } from './each-partition.ts'
import { partitionRedis } from './partition-redis.ts'

/** Which group each bot is in, as far as it is in one, as each partition was told last. */
export function readGroups(redis: Redis, partitions: number): Promise<ReadonlyMap<BotId, string>[]> {
  return eachPartition(
    partitions,
    async partition =>
      new Map(
        Object.entries(await partitionRedis(redis, partition).hgetall(`${partitionTag(partition)}:grouped`)),
      ),
  )
}
