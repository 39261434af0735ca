import { busPrefix } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { redisNowMs } from './redis-now-ms.ts'

/** Change numbers are published here, as decimal text. */
export const botChannel = `${busPrefix}:bots`

/** Sorted set of live directories, scored by the end of their lease in Redis's own milliseconds. */
const membersKey = `${busPrefix}:directory:members`

/** The change number a directory has applied; the key lives as long as its lease. */
const appliedKey = (member: string) => `${busPrefix}:directory:applied:${member}`

/** Long enough to survive a few missed beats; a directory that died holds an announcement up for no longer. */
const LEASE_MS = 5_000

/** Says that a directory lives and what it has applied. Its lease ends by Redis's clock: no process's own counts. */
export async function beat(redis: Redis, member: string, applied: number): Promise<void> {
  await redis.set(appliedKey(member), applied, 'PX', LEASE_MS)
  const now = await redisNowMs(redis)
  await redis.zadd(membersKey, now + LEASE_MS, member)
  await redis.zremrangebyscore(membersKey, '-inf', now)
}

/** Ends a directory's lease, so that nobody waits for it. */
export async function leave(redis: Redis, member: string): Promise<void> {
  await redis.zrem(membersKey, member)
  await redis.del(appliedKey(member))
}

/** The live directories that have not applied a change yet. */
export async function membersBehind(redis: Redis, change: number): Promise<string[]> {
  const members = await redis.zrangebyscore(membersKey, `(${await redisNowMs(redis)}`, '+inf')
  const applied = await Promise.all(members.map(member => redis.get(appliedKey(member))))
  return members.filter((_, i) => Number(applied[i] ?? -1) < change)
}
