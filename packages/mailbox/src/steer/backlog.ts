import { type BoxName, partitionTag } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { eachPartition } from '../redis/each-partition.ts'
import { boxBase, deadLettersKey, quarantineKey } from '../redis/keys.ts'
import { partitionRedis } from '../redis/partition-redis.ts'

/** What waits in one box, over all partitions. */
export interface Backlog {
  /** Waiting entries per bot, those of parked conversations left out. */
  readonly updates: ReadonlyMap<string, number>
  readonly bytes: ReadonlyMap<string, number>
  /** Entries of parked conversations per bot. */
  readonly parkedUpdates: ReadonlyMap<string, number>
  /** Conversations that wait for their time, and that wait for an operator. */
  readonly delayed: number
  readonly parked: number
  /** Accept time of each bot's oldest update that is ready or in hand, Unix ms. */
  readonly oldestAtMs: ReadonlyMap<string, number>
  /** The earliest of them; undefined if there is none. */
  readonly oldestPendingAtMs: number | undefined
}

/** What waits everywhere. */
export interface Backlogs extends Record<BoxName, Backlog> {
  /** Records that wait for the mover. */
  readonly deadLetters: number
  /** Entries and records that nobody could read. */
  readonly quarantined: number
}

/** One look asks about no more bots and holds than these. */
const maxBots = 1_000
const maxHolds = 1_000

/** Reads the backlog of both boxes, and what waits for the mover, in one round trip a partition. */
export async function readBacklog(client: Redis, partitions: number): Promise<Backlogs> {
  const each = await eachPartition(partitions, partition =>
    readPartition(partitionRedis(client, partition), partition),
  )
  return {
    inbox: sum(each.map(({ inbox }) => inbox)),
    outbox: sum(each.map(({ outbox }) => outbox)),
    deadLetters: each.reduce((n, { deadLetters }) => n + deadLetters, 0),
    quarantined: each.reduce((n, { quarantined }) => n + quarantined, 0),
  }
}

async function readPartition(redis: Redis, partition: number): Promise<Backlogs> {
  const [inbox, outbox, deadLetters, quarantined] = await Promise.all([
    readBox(redis, partition, 'inbox'),
    readBox(redis, partition, 'outbox'),
    redis.llen(deadLettersKey(partition)),
    redis.llen(quarantineKey(partition)),
  ])
  return { inbox, outbox, deadLetters, quarantined }
}

async function readBox(redis: Redis, partition: number, box: BoxName): Promise<Backlog> {
  const base = boxBase(partition, box)
  const [updates, bytes, parkedUpdates, delayed, parked, oldest] = await Promise.all([
    redis.hgetall(`${base}:count`),
    redis.hgetall(`${base}:bytes`),
    redis.hgetall(`${base}:parked-count`),
    redis.zcard(`${base}:delayed`),
    redis.zcard(`${base}:parked`),
    redis.mailboxOldest(partitionTag(partition), box, maxBots, maxHolds),
  ])
  const oldestAtMs = new Map<string, number>()
  for (let i = 0; i < oldest.length; i += 2) oldestAtMs.set(oldest[i]!, Number(oldest[i + 1]))
  const numbers = [numbersOf(updates), numbersOf(bytes), numbersOf(parkedUpdates)] as const
  return {
    ...{ updates: numbers[0], bytes: numbers[1], parkedUpdates: numbers[2], delayed, parked, oldestAtMs },
    oldestPendingAtMs: least(oldestAtMs.values()),
  }
}

function numbersOf(hash: Record<string, string>): Map<string, number> {
  return new Map(Object.entries(hash).map(([bot, n]) => [bot, Number(n)]))
}

function sum(parts: readonly Backlog[]): Backlog {
  const plus = (a: number, b: number) => a + b
  const oldestAtMs = merge(
    parts.map(part => part.oldestAtMs),
    Math.min,
  )
  return {
    updates: merge(
      parts.map(part => part.updates),
      plus,
    ),
    bytes: merge(
      parts.map(part => part.bytes),
      plus,
    ),
    parkedUpdates: merge(
      parts.map(part => part.parkedUpdates),
      plus,
    ),
    delayed: parts.reduce((n, part) => n + part.delayed, 0),
    parked: parts.reduce((n, part) => n + part.parked, 0),
    oldestAtMs,
    oldestPendingAtMs: least(oldestAtMs.values()),
  }
}

function merge(
  maps: readonly ReadonlyMap<string, number>[],
  join: (a: number, b: number) => number,
): Map<string, number> {
  const merged = new Map<string, number>()
  for (const map of maps) {
    for (const [bot, n] of map) {
      const known = merged.get(bot)
      merged.set(bot, known === undefined ? n : join(known, n))
    }
  }
  return merged
}

function least(numbers: Iterable<number>): number | undefined {
  let found: number | undefined
  for (const n of numbers) if (found === undefined || n < found) found = n
  return found
}
