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
  return (fnv1a(conversation) >>> 0) % partitions
}

const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * The name, or the first one that lies in the partition and differs from it in three characters: those before
 * the last, which holds two bits alone. As many are tried as there are partitions, on average. Of the 262,144
 * that there are none fits once in e^256 for the most partitions that there may be.
 */
export function nameInPartition(
  name: ConversationKey,
  partition: number,
  partitions: number,
): ConversationKey {
  if (partitionOf(name, partitions) === partition) return name
  const start = name.slice(0, -4)
  const last = name.slice(-1)
  const before = fnv1a(start)
  for (let n = 0; n < 64 ** 3; n++) {
    const end = base64url[n >> 12]! + base64url[(n >> 6) & 63]! + base64url[n & 63]! + last
    if ((fnv1a(end, before) >>> 0) % partitions === partition) return `${start}${end}` as ConversationKey
  }
  return name
}

function fnv1a(text: string, before = 0x811c9dc5): number {
  let hash = before
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash
}
