import { type BotId, type BoxName, noGroup, partitionTag } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { eachPartition } from '../redis/each-partition.ts'
import { partitionRedis } from '../redis/partition-redis.ts'
import type { Tokens } from '../wake/tokens.ts'

/** What can be said about a whole bot. */
export type BotOrder =
  /** Most conversations of it that run at once over all workers of a partition; 0 = no cap. */
  | { readonly do: 'cap'; readonly most: number }
  /** It runs nothing of the box until then (Unix ms); 0 = until it is resumed. */
  | { readonly do: 'pause'; readonly untilMs: number }
  | { readonly do: 'resume' }
  /** Which worker processes run it: those of a group, or those of bots without one. */
  | { readonly do: 'group'; readonly group: string | undefined }

/**
 * Carries out an order about a bot in all partitions. It costs nothing per conversation, and holds at once.
 */
export async function steerBot(
  deps: { readonly redis: Redis; readonly partitions: number; readonly tokens: Tokens },
  box: BoxName,
  bot: BotId,
  order: BotOrder,
): Promise<void> {
  await eachPartition(deps.partitions, async partition => {
    const redis = partitionRedis(deps.redis, partition)
    const addTokens = await redis.mailboxSteer(partitionTag(partition), box, bot, order.do, argumentOf(order))
    await deps.tokens.addFor(partition, box, addTokens)
  })
}

function argumentOf(order: BotOrder): string | number {
  switch (order.do) {
    case 'cap':
      return Math.ceil(order.most)
    case 'pause':
      return Math.ceil(order.untilMs)
    case 'resume':
      return 0
    case 'group':
      return order.group ?? noGroup
  }
}
