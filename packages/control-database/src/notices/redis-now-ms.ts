import type { Redis } from 'ioredis'

/**
 * Redis's clock in Unix ms: leases end by it, no process's own counts. On a cluster it is the clock of the
 * node that has the leases.
 */
export async function redisNowMs(redis: Redis, key: string): Promise<number> {
  const [seconds, micros] = (await redis.eval("return redis.call('TIME')", 1, key)) as [string, string]
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000)
}
