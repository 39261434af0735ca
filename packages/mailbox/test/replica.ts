import type { TestContext } from 'node:test'
import { startRedis, type TestRedis, until } from '@botyard/testkit'
import type { Redis } from 'ioredis'

/** A replica of a primary, whose client `redis` is; it has confirmed a write. */
export async function startReplica(t: TestContext, primary: TestRedis, redis: Redis): Promise<TestRedis> {
  await redis.config('SET', 'repl-diskless-sync-delay', '0')
  const replica = await startRedis({ extra: ['--replicaof', '127.0.0.1', String(primary.port)] })
  t.after(async () => {
    replica.resume()
    await replica.stop()
  })
  await redis.set('first', '1')
  // A replica is called online before it has loaded anything, and at offset 0 it is in step with everybody.
  await until(async () => (await redis.wait(1, 1_000)) === 1)
  return replica
}

/** A WAIT that comes before the write is answered by what the replica has acknowledged so far: all, then. */
export async function untilInStep(redis: Redis): Promise<void> {
  const inStep = /slave0:.*offset=(\d+)[\s\S]*master_repl_offset:\1\b/
  await until(async () => inStep.test(await redis.info('replication')))
}
