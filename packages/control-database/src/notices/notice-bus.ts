import type { Redis } from 'ioredis'
import { redisNowMs } from './redis-now-ms.ts'
import { renewLease } from './renew-lease.ts'

/** The channel of one kind of change, and the processes that must acknowledge it. */
export interface NoticeBus {
  /** Change numbers are published here, as decimal text. */
  readonly channel: string
  /** Sorted set of live members, scored by the end of their lease in Redis's own milliseconds. */
  readonly membersKey: string
  /**
   * The change number a member has applied is at this prefix and its name; the key lives as long as its
   * lease.
   */
  readonly appliedPrefix: string
}

/** Long enough to survive a few missed beats; a member that died holds an announcement up for no longer. */
export const noticeLeaseMs = 5_000

/**
 * Renews a member's lease and acknowledges the change it has applied. The lease ends by Redis's clock alone.
 */
export async function beat(redis: Redis, bus: NoticeBus, member: string, applied: number): Promise<void> {
  // Who is a member before that has arrived, on another node of a cluster, counts as behind for a moment.
  await Promise.all([
    redis.set(bus.appliedPrefix + member, applied, 'PX', noticeLeaseMs),
    renewLease(redis, { membersKey: bus.membersKey, member, leaseMs: noticeLeaseMs }),
  ])
}

/** Ends a member's lease, so that no announcement waits for it. */
export async function leave(redis: Redis, bus: NoticeBus, member: string): Promise<void> {
  await redis.zrem(bus.membersKey, member)
  await redis.del(bus.appliedPrefix + member)
}

/** The live members that have not applied a change yet. */
export async function membersBehind(redis: Redis, bus: NoticeBus, change: number): Promise<string[]> {
  const members = await redis.zrangebyscore(
    bus.membersKey,
    `(${await redisNowMs(redis, bus.membersKey)}`,
    '+inf',
  )
  const applied = await Promise.all(members.map(member => redis.get(bus.appliedPrefix + member)))
  return members.filter((_, i) => Number(applied[i] ?? -1) < change)
}
