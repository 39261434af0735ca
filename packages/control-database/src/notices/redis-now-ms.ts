import type { Redis } from 'ioredis'

/** Redis's clock in Unix ms: leases end by it, no process's own counts. */
export async function redisNowMs(redis: Redis): Promise<number> {
  const [seconds, micros] = await redis.time()
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000)
}
