import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRedis } from '@botyard/testkit'
import { Redis } from 'ioredis'
import { createMailboxWriter } from '../src/index.ts'
import { update } from './rig.ts'

test('with DURABLE_REPLICAS an update is promised only when a replica has it, a frozen one does not count', async t => {
  const primary = await startRedis()
  const replica = await startRedis({ extra: ['--replicaof', '127.0.0.1', String(primary.port)] })
  const redis = new Redis(primary.url)
  const writer = createMailboxWriter({ redis, partitions: 1, replicas: 1, replicaTimeoutMs: 200 })
  t.after(async () => {
    replica.resume()
    await writer.close()
    redis.disconnect()
    await replica.stop()
    await primary.stop()
  })
  while (!(await redis.info('replication')).includes('state=online')) await new Promise(setImmediate)

  assert.equal(await writer.deliver(update('bot/a', 1)), 'accepted')
  replica.pause()
  await assert.rejects(writer.deliver(update('bot/a', 2)), { code: 'MBX_UNAVAILABLE' })
  replica.resume()

  // Stored on the primary all the while: its redelivery is a duplicate, and promised now.
  assert.equal(await writer.deliver(update('bot/a', 2)), 'duplicate')
})
