import { busPrefix } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { redisNowMs } from '../notices/redis-now-ms.ts'

/** The ring of a live process. */
export interface LiveRing {
  /** App, host and process. */
  readonly member: string
  /** The key that it seals with, and since when by its own clock. */
  readonly active: string
  readonly activeForMs: number
  /** Fingerprints by id. */
  readonly keys: Readonly<Record<string, string>>
}

/** Sorted set of live processes, scored by the end of their lease in Redis's own milliseconds. */
const membersKey = `${busPrefix}:keyring:members`

/** What a process has in its ring; the key lives as long as its lease. */
const ringKey = (member: string) => `${busPrefix}:keyring:of:${member}`

/** A process that is silent for longer counts as gone. */
const LEASE_MS = 15_000

/** Says what a process has in its ring. */
export async function tellRing(redis: Redis, { member, ...ring }: LiveRing): Promise<void> {
  await redis.set(ringKey(member), JSON.stringify(ring), 'PX', LEASE_MS)
  const now = await redisNowMs(redis)
  await redis.zadd(membersKey, now + LEASE_MS, member)
  await redis.zremrangebyscore(membersKey, '-inf', now)
}

/** Ends a process's lease. */
export async function withdrawRing(redis: Redis, member: string): Promise<void> {
  await redis.zrem(membersKey, member)
  await redis.del(ringKey(member))
}

/** The rings of all live processes, by member. */
export async function liveRings(redis: Redis): Promise<LiveRing[]> {
  const members = await redis.zrangebyscore(membersKey, `(${await redisNowMs(redis)}`, '+inf')
  const rings = await Promise.all(members.map(member => redis.get(ringKey(member))))
  return members.flatMap((member, i) => readRing(member, rings[i])).sort((a, b) => (a.member < b.member ? -1 : 1))
}

/** One that nobody can read is no process's: it ends with its lease. */
function readRing(member: string, json: string | null | undefined): LiveRing[] {
  try {
    return json ? [{ member, ...JSON.parse(json) } as LiveRing] : []
  } catch {
    return []
  }
}
