import type { ConversationKey } from './conversation-key.ts'

/** The two mailboxes of a queue shard: updates on their way in, replies on their way out. */
export const boxNames = ['inbox', 'outbox'] as const
export type BoxName = (typeof boxNames)[number]

/**
 * The Redis Cluster hash tag of a queue shard, which is BullMQ's `prefix` too: all keys of a shard share one
 * slot.
 */
export function shardTag(shard: number): string {
  return `{q${shard}}`
}

/** The prefix of every Redis key and channel that belongs to no queue shard. */
export const busPrefix = 'botyard'

/**
 * The queue shard of a conversation, 0 … shards-1: 32-bit FNV-1a of its name, modulo the number of shards.
 * The number is fixed for a deployment: another number moves conversations, and with them their order.
 */
export function queueShardOf(conversation: ConversationKey, shards: number): number {
  if (shards === 1) return 0
  let hash = 0x811c9dc5
  for (let i = 0; i < conversation.length; i++) {
    hash ^= conversation.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193)
  }
  return (hash >>> 0) % shards
}
