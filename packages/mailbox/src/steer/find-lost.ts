import { type BoxName, type ConversationKey, partitionOf } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { eachPartition } from '../redis/each-partition.ts'
import { deadLettersKey, mailKey } from '../redis/keys.ts'
import { partitionRedis } from '../redis/partition-redis.ts'

/** Of conversations, those that have mail in a box: ready, held, delayed or parked. */
export async function conversationsWithMail(
  redis: Redis,
  partitions: number,
  box: BoxName,
  conversations: readonly ConversationKey[],
): Promise<ReadonlySet<ConversationKey>> {
  const found = await Promise.all(
    conversations.map(conversation => {
      const partition = partitionOf(conversation, partitions)
      return partitionRedis(redis, partition).exists(mailKey(partition, box, conversation))
    }),
  )
  return new Set(conversations.filter((_, i) => found[i] === 1))
}

/**
 * The records that wait for the mover; undefined if a partition has more than `max` of them. What has left
 * its mailbox is here, or has been moved.
 */
export async function waitingRecords(
  redis: Redis,
  partitions: number,
  max: number,
): Promise<Buffer[] | undefined> {
  const each = await eachPartition(partitions, partition =>
    partitionRedis(redis, partition).lrangeBuffer(deadLettersKey(partition), 0, max),
  )
  return each.some(records => records.length > max) ? undefined : each.flat()
}
