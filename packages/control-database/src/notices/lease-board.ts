import { busPrefix } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { redisNowMs } from './redis-now-ms.ts'
import { renewLease } from './renew-lease.ts'

/** What live processes say of themselves in Redis; what one said ends with its lease. */
export interface LeaseBoard<T> {
  /** Says what a process has, for as long as its lease. */
  tell(redis: Redis, member: string, value: T): Promise<void>
  /** Ends a process's lease. */
  withdraw(redis: Redis, member: string): Promise<void>
  /** What all live processes say, in the order of their names. */
  live(redis: Redis): Promise<(T & { readonly member: string })[]>
}

/** A process that is silent for longer counts as gone. */
const leaseMs = 15_000

/** How often a process speaks: a third of the lease. */
export const tellEveryMs = 5_000

/** The board of a topic; `value` is stored as JSON. */
export function createLeaseBoard<T extends object>(topic: string): LeaseBoard<T> {
  /** Sorted set of live processes, scored by the end of their lease in Redis's own milliseconds. */
  const membersKey = `${busPrefix}:${topic}:members`
  /** What a process has; the key lives as long as its lease. */
  const valueKey = (member: string) => `${busPrefix}:${topic}:of:${member}`

  return {
    async tell(redis, member, value) {
      await redis.set(valueKey(member), JSON.stringify(value), 'PX', leaseMs)
      await renewLease(redis, { membersKey, member, leaseMs })
    },

    async withdraw(redis, member) {
      await redis.zrem(membersKey, member)
      await redis.del(valueKey(member))
    },

    async live(redis) {
      const members = await redis.zrangebyscore(membersKey, `(${await redisNowMs(redis, membersKey)}`, '+inf')
      const values = await Promise.all(members.map(member => redis.get(valueKey(member))))
      return members
        .flatMap((member, i) => readValue<T>(member, values[i]))
        .sort((a, b) => (a.member < b.member ? -1 : 1))
    },
  }
}

/** One that nobody can read is no process's: it ends with its lease. */
function readValue<T>(member: string, json: string | null | undefined): (T & { member: string })[] {
  try {
    return json ? [{ member, ...JSON.parse(json) }] : []
  } catch {
    return []
  }
}
