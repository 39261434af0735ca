import { type BoxName, type ConversationKey, partitionOf, partitionTag } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { type Entry, readEntry } from '../redis/entry.ts'
import { boxBase, mailKey } from '../redis/keys.ts'
import { partitionRedis } from '../redis/partition-redis.ts'
import type { Tokens } from '../wake/tokens.ts'

/** A parked conversation and the update it waits at. */
export interface ParkedHead {
  readonly box: BoxName
  readonly conversation: ConversationKey
  readonly reason: string
  /** The try that it parked in, counted as `ctx.attempt` is: 1 for the first. */
  readonly attempt: number
  readonly head: Entry
}

/** Reads a parked conversation's head; undefined if it is not parked. */
export async function readParked(
  client: Redis,
  partitions: number,
  box: BoxName,
  conversation: ConversationKey,
): Promise<ParkedHead | undefined> {
  const partition = partitionOf(conversation, partitions)
  const redis = partitionRedis(client, partition)
  const base = boxBase(partition, box)
  const [reason, trouble, head] = await Promise.all([
    redis.hget(`${base}:reasons`, conversation),
    redis.hget(`${base}:trouble`, conversation),
    redis.lindexBuffer(mailKey(partition, box, conversation), 0),
  ])
  if (reason === null || head === null) return undefined
  const failed = Number(trouble?.split(' ')[0] ?? 0)
  return { box, conversation, reason: reasonOf(reason), attempt: failed + 1, head: readEntry(head) }
}

/** Why a conversation parked; in Redis the bytes that were counted as parked stand before it. */
export function reasonOf(stored: string): string {
  return stored.slice(stored.indexOf(' ') + 1)
}

/**
 * Carries out an operator's word on a parked conversation: `retry` its head, or `skip` it to the dead
 * letters. What follows stays in order. `changed` means that another update is at its head by now.
 */
export async function unpark(
  { redis, partitions, tokens }: { redis: Redis; partitions: number; tokens: Tokens },
  { box, conversation, head }: ParkedHead,
  word: { do: 'retry' } | { do: 'skip'; letter: Buffer },
): Promise<'ready' | 'empty' | 'not-parked' | 'changed'> {
  const partition = partitionOf(conversation, partitions)
  const letter = word.do === 'skip' ? word.letter : ''
  const args = [box, conversation, word.do, head.hash, letter] as const
  const own = partitionRedis(redis, partition)
  const [answer, addTokens, inboxTokens] = await own.mailboxUnpark(partitionTag(partition), ...args)
  await tokens.addFor(partition, box, addTokens)
  await tokens.addFor(partition, 'inbox', inboxTokens)
  return answer as 'ready' | 'empty' | 'not-parked' | 'changed'
}
