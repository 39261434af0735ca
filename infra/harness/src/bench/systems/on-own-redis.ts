import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startRedis } from '@botyard/testkit'
import type { ServedSystem, StartOptions } from './benched-system.ts'

/** Starts a system on a fresh Redis, which ends with it; its logs and the Redis's data lie in `directory`. */
export async function startOnOwnRedis<System extends ServedSystem>(
  start: (options: StartOptions) => Promise<System>,
  options: Omit<StartOptions, 'redisUrl'>,
): Promise<System & { readonly redisUrl: string }> {
  const { fsync, directory } = options
  const data = join(directory, 'redis')
  await mkdir(data, { recursive: true })
  await using stack = new AsyncDisposableStack()
  const redis = await startRedis({ appendfsync: fsync, dir: data })
  stack.defer(async () => {
    await redis.stop()
    await rm(data, { recursive: true })
  })
  const system = stack.adopt(await start({ ...options, redisUrl: redis.url }), system => system.close())
  const ownership = stack.move()
  const pids = { ...system.pids, redis: redis.pid }
  return { ...system, redisUrl: redis.url, pids, close: () => ownership.disposeAsync() }
}
