import type { BotId, BoxName } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { eachPartition } from '../redis/each-partition.ts'
import { boxBase } from '../redis/keys.ts'
import { partitionRedis } from '../redis/partition-redis.ts'

/** The orders about bots that stand in one box of a partition. */
export interface StandingOrders {
  /** Most conversations at once, of the bots that have a cap. */
  readonly caps: ReadonlyMap<BotId, number>
  /** The group of each bot that is in one. */
  readonly groups: ReadonlyMap<BotId, string>
}

/** Fields that one command looks at: Redis does nothing else for a fraction of a millisecond. */
const fieldsAtOnce = 500

/**
 * Reads the orders that stand in a box, for each partition: the very fields that the scripts obey, so that an
 * order that was carried out in part shows.
 */
export function readOrders(redis: Redis, partitions: number, box: BoxName): Promise<StandingOrders[]> {
  return eachPartition(partitions, partition =>
    readPartition(partitionRedis(redis, partition), `${boxBase(partition, box)}:blocks`),
  )
}

async function readPartition(redis: Redis, blocks: string): Promise<StandingOrders> {
  const caps = new Map<BotId, number>()
  const groups = new Map<BotId, string>()
  let cursor = '0'
  do {
    const [next, fields] = await redis.hscan(blocks, cursor, 'COUNT', fieldsAtOnce)
    cursor = next
    for (let i = 0; i < fields.length; i += 2) {
      const [word, bot] = fields[i]!.split(' ') as [string, BotId]
      if (word === 'cap') caps.set(bot, Number(fields[i + 1]))
      if (word === 'group') groups.set(bot, fields[i + 1]!)
    }
  } while (cursor !== '0')
  return { caps, groups }
}
