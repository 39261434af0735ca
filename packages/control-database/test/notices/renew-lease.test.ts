import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRedis } from '@botyard/testkit'
import { Redis } from 'ioredis'
import { redisNowMs } from '../../src/notices/redis-now-ms.ts'
import { renewLease } from '../../src/notices/renew-lease.ts'

const membersKey = 'members'
const leaseMs = 60_000

test('a lease is renewed by one command, lasts by the clock of Redis, and ends those of others', async t => {
  const server = await startRedis()
  const redis = new Redis(server.url)
  t.after(async () => {
    redis.disconnect()
    await server.stop()
  })
  const fromMs = await redisNowMs(redis, membersKey)
  await redis.zadd(membersKey, fromMs - 1, 'ended')
  await redis.zadd(membersKey, fromMs + leaseMs, 'other')
  const send = t.mock.method(redis, 'sendCommand')

  await renewLease(redis, { membersKey, member: 'own', leaseMs })

  assert.equal(send.mock.callCount(), 1)
  const untilMs = await redisNowMs(redis, membersKey)
  assert.deepEqual((await redis.zrange(membersKey, '0', '-1')).sort(), ['other', 'own'])
  const score = Number(await redis.zscore(membersKey, 'own'))
  assert.ok(score >= fromMs + leaseMs && score <= untilMs + leaseMs, String(score))
})
