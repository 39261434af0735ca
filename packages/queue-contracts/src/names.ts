import type { ConversationKey } from './conversation-key.ts'

/** The two mailboxes of a partition: updates on their way in, replies on their way out. */
export const boxNames = ['inbox', 'outbox'] as const
export type BoxName = (typeof boxNames)[number]

/** Stands for no group where a group of bots is named: no group can have this name. */
export const noGroup = '-'

/**
 * The Redis Cluster hash tag of a partition, which is BullMQ's `prefix` too: all keys of a partition share
 * one slot.
 */
export function partitionTag(partition: number): string {
  return `{p${partition}}`
}

/**
 * The tag of the first partition in the layout that came before this one: what it left behind must be worked
 * off by its build.
 */
export const oldPartitionTag = '{q0}'

/** The prefix of every Redis key and channel that belongs to no partition. */
export const busPrefix = 'botyard'

/**
 * The partition of a conversation, 0 … partitions-1: 32-bit FNV-1a of its name, modulo the number of
 * partitions. The number is fixed for a deployment: another number moves conversations, and with them their
 * order.
 */
export function partitionOf(conversation: ConversationKey, partitions: number): number {
  if (partitions === 1) return 0
  let hash = 0x811c9dc5
  for (let i = 0; i < conversation.length; i++) {
    hash ^= conversation.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193)
  }
  return (hash >>> 0) % partitions
}
