import type { BoxName } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { boxBase, deadLettersKey } from './keys.ts'

/** What waits in one box, over all queue shards. */
export interface Backlog {
  /** Waiting entries per bot. */
  readonly updates: ReadonlyMap<string, number>
  readonly bytes: ReadonlyMap<string, number>
  /** Conversations that should be worked off now, that wait for their time, and that wait for an operator. */
  readonly dirty: number
  readonly delayed: number
  readonly parked: number
  /** Accept time of the oldest update that should be worked off now, Unix ms; undefined if there is none. */
  readonly oldestPendingAtMs: number | undefined
}

/** Reads the backlog of both boxes and the dead letters that wait for the mover, in one round trip a shard. */
export async function readBacklog(
  redis: Redis,
  shards: number,
): Promise<Record<BoxName, Backlog> & { deadLetters: number }> {
  const perShard = await Promise.all(Array.from({ length: shards }, (_, shard) => readShard(redis, shard)))
  return {
    inbox: sum(perShard.map(({ inbox }) => inbox)),
    outbox: sum(perShard.map(({ outbox }) => outbox)),
    deadLetters: perShard.reduce((n, { deadLetters }) => n + deadLetters, 0),
  }
}

async function readShard(redis: Redis, shard: number): Promise<Record<BoxName, Backlog> & { deadLetters: number }> {
  const [inbox, outbox, deadLetters] = await Promise.all([
    readBox(redis, boxBase(shard, 'inbox')),
    readBox(redis, boxBase(shard, 'outbox')),
    redis.llen(deadLettersKey(shard)),
  ])
  return { inbox, outbox, deadLetters }
}

async function readBox(redis: Redis, base: string): Promise<Backlog> {
  const [updates, bytes, dirty, delayed, parked, oldest] = await Promise.all([
    redis.hgetall(`${base}:count`),
    redis.hgetall(`${base}:bytes`),
    redis.zcard(`${base}:dirty`),
    redis.zcard(`${base}:delayed`),
    redis.zcard(`${base}:parked`),
    redis.zrange(`${base}:dirty`, '0', '0', 'WITHSCORES'),
  ])
  return {
    updates: numbers(updates),
    bytes: numbers(bytes),
    dirty,
    delayed,
    parked,
    oldestPendingAtMs: oldest[1] === undefined ? undefined : Number(oldest[1]),
  }
}

function numbers(hash: Record<string, string>): Map<string, number> {
  return new Map(Object.entries(hash).map(([bot, n]) => [bot, Number(n)]))
}

function sum(parts: readonly Backlog[]): Backlog {
  const updates = new Map<string, number>()
  const bytes = new Map<string, number>()
  for (const part of parts) {
    for (const [bot, n] of part.updates) updates.set(bot, (updates.get(bot) ?? 0) + n)
    for (const [bot, n] of part.bytes) bytes.set(bot, (bytes.get(bot) ?? 0) + n)
  }
  const oldest = parts.map(part => part.oldestPendingAtMs).filter(at => at !== undefined)
  return {
    updates,
    bytes,
    dirty: parts.reduce((n, part) => n + part.dirty, 0),
    delayed: parts.reduce((n, part) => n + part.delayed, 0),
    parked: parts.reduce((n, part) => n + part.parked, 0),
    oldestPendingAtMs: oldest.length === 0 ? undefined : Math.min(...oldest),
  }
}
