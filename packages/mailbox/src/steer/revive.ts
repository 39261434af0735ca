import { type BoxName, type ConversationKey, partitionOf, partitionTag } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { newEntry } from '../redis/entry.ts'
import { partitionRedis } from '../redis/partition-redis.ts'
import type { Tokens } from '../wake/tokens.ts'

/** A dead letter on its way back. */
export interface Revival {
  readonly box: BoxName
  readonly conversation: ConversationKey
  /** The entry's keyed hash, 16 bytes, and its sealed payload, as they were. */
  readonly hash: Buffer
  readonly body: Buffer
  /** Names this death of the entry: another death has another name. */
  readonly death: string
  /** How long it waits before it is tried, in ms: so that many do not come back at once. */
  readonly afterMs: number
}

/** As long as a dead letter is kept, so no copy of it can come back later, in ms. */
const rememberedMs = 31 * 24 * 60 * 60 * 1000

/**
 * Puts a dead letter behind what waits in its conversation. A death is revived once, however often it is
 * asked; `already` means that it was.
 */
export async function revive(
  { redis, partitions, tokens }: { redis: Redis; partitions: number; tokens: Tokens },
  { box, conversation, hash, body, death, afterMs }: Revival,
): Promise<'revived' | 'already'> {
  const partition = partitionOf(conversation, partitions)
  const args = [box, conversation, newEntry(hash, body), Math.ceil(afterMs), death, rememberedMs]
  const own = partitionRedis(redis, partition)
  const [revived, addTokens] = await own.mailboxRevive(partitionTag(partition), ...args)
  await tokens.addFor(partition, box, addTokens)
  return revived === 1 ? 'revived' : 'already'
}
