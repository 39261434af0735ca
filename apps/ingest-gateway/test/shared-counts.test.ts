import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sharedRedis } from '@botyard/testkit'
import { Redis } from 'ioredis'
import { createSharedCounts } from '../src/limits/shared-counts.ts'
import { awayRedis } from './helper.ts'

/** Two instances on one Redis; flushed by hand, in a window that outlasts the test. */
async function twoInstances(t: { after(hook: () => unknown): void }) {
  const { url } = await sharedRedis(t as { after(hook: () => Promise<void>): void })
  const redis = new Redis(url)
  t.after(() => redis.disconnect())
  const options = {
    redis,
    name: (key: string) => `n(${key.length})`,
    windowMs: 86_400_000,
    flushMs: 3_600_000,
  }
  const pair = [createSharedCounts(options), createSharedCounts(options)] as const
  t.after(() => {
    for (const counts of pair) counts.close()
  })
  return { redis, pair }
}

test('what one instance counted counts in the others after an exchange, and once only', async t => {
  const { pair } = await twoInstances(t)
  const [a, b] = pair
  for (let i = 0; i < 5; i++) a.add('203.0.113.7')
  for (let i = 0; i < 3; i++) b.add('203.0.113.7')

  await a.flush()
  await b.flush()
  const inB = b.add('203.0.113.7')
  a.add('203.0.113.7')
  await a.flush()
  const inA = a.add('203.0.113.7')

  assert.equal(inB.current, 9)
  // a has 7 of its own and knows of 3 of b's: b's last one is not sent yet.
  assert.equal(inA.current, 10)
})

test('an address is not to be read in Redis, and leaves it by itself', async t => {
  const { redis, pair } = await twoInstances(t)
  pair[0].add('203.0.113.7')

  await pair[0].flush()

  const [key] = await redis.keys('botyard:limits:*')
  assert.deepEqual(await redis.hgetall(key!), { 'n(11)': '1' })
  assert.ok((await redis.pttl(key!)) > 0)
})

test('without Redis each instance counts for itself, and sends all of it later', async t => {
  const { redis, pair } = await twoInstances(t)
  const client = { pipeline: () => (away ? awayRedis(t) : redis).pipeline() } as unknown as Redis
  let away = true
  const counts = createSharedCounts({
    redis: client,
    name: key => key,
    windowMs: 86_400_000,
    flushMs: 3_600_000,
  })
  t.after(() => counts.close())
  counts.add('n')
  await counts.flush()
  counts.add('n')

  away = false
  await counts.flush()

  assert.equal(counts.add('n').current, 3)
  const [key] = await redis.keys('botyard:limits:*')
  assert.equal(await redis.hget(key!, 'n'), '2')
  assert.equal(pair[0].add('other').current, 1)
})

test('a new window begins at zero', t => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_000_000 })
  const counts = createSharedCounts({
    redis: awayRedis(t),
    name: key => key,
    windowMs: 1_000,
    flushMs: 3_600_000,
  })
  t.after(() => counts.close())
  counts.add('a')

  t.mock.timers.setTime(1_000_999)
  const before = counts.add('a')
  t.mock.timers.setTime(1_001_000)
  const after = counts.add('a')

  assert.deepEqual([before.current, before.ttl, after.current, after.ttl], [2, 1, 1, 1_000])
})
