import type { Redis } from 'ioredis'

/** Lua takes the time in Redis itself, so that a renewal is one command. */
const renewal = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)`

/**
 * Renews a member's lease in the sorted set of a board or bus, scored by its end in Redis's own Unix ms, and
 * drops the leases that have ended. Every process renews each second: each command more is time of all of
 * them, and of Redis.
 */
export async function renewLease(
  redis: Redis,
  { membersKey, member, leaseMs }: { membersKey: string; member: string; leaseMs: number },
): Promise<void> {
  await redis.eval(renewal, 1, membersKey, member, leaseMs)
}
