import { type BoxName, type ConversationKey, queueShardOf } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { type Entry, readEntry } from './entry.ts'
import { boxBase, shardBase } from './keys.ts'
import { withMailboxScripts } from './scripts.ts'

/** A parked conversation and the update it waits at. */
export interface ParkedHead {
  readonly conversation: ConversationKey
  readonly reason: string
  /** The try that it parked in, counted as `ctx.attempt` is: 1 for the first. */
  readonly attempt: number
  readonly head: Entry
}

/** Reads a parked conversation's head; undefined if it is not parked. */
export async function readParked(
  redis: Redis,
  shards: number,
  box: BoxName,
  conversation: ConversationKey,
): Promise<ParkedHead | undefined> {
  const base = boxBase(queueShardOf(conversation, shards), box)
  const [[reason, failed], head] = await Promise.all([
    redis.hmget(`${base}:st:${conversation}`, 'park', 't') as Promise<[string | null, string | null]>,
    redis.lindexBuffer(`${base}:m:${conversation}`, 0),
  ])
  if (reason === null || head === null) return undefined
  return { conversation, reason, attempt: Number(failed ?? 0) + 1, head: readEntry(head) }
}

/**
 * Carries out an operator's word on a parked conversation: `retry` its head, or `skip` it to the dead letters. What follows
 * stays in order. Wake the conversation if the answer is `ready`; `changed` means that another update is at its head by now.
 */
export async function unpark(
  redis: Redis,
  shards: number,
  box: BoxName,
  { conversation, head }: ParkedHead,
  word: { do: 'retry' } | { do: 'skip'; letter: Buffer },
): Promise<'ready' | 'empty' | 'not-parked' | 'changed'> {
  const shard = queueShardOf(conversation, shards)
  const letter = word.do === 'skip' ? word.letter : ''
  const answer = await withMailboxScripts(redis).mailboxUnpark(
    boxBase(shard, box),
    shardBase(shard),
    conversation,
    word.do,
    head.hash,
    letter,
  )
  return answer as 'ready' | 'empty' | 'not-parked' | 'changed'
}
