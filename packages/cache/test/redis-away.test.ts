import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLatch, startRedis, type TestRedis } from '@botyard/testkit'
import { rig, until } from './rig.ts'

const keep = { ttlMs: 60_000, tags: ['tag'] }

async function ownRedis(t: { after(hook: () => Promise<void>): void }): Promise<TestRedis> {
  const server = await startRedis({ appendfsync: 'always' })
  t.after(() => server.stop())
  return server
}

test('while Redis is away each read asks the source, one load at a time for a key', async t => {
  const server = await ownRedis(t)
  const { open } = await rig(t, { server })
  const cache = await open()
  await cache.leased()
  await cache.remember('key', keep, () => 'cached')

  await server.kill()
  // Memory may be served until the lease ends, not longer.
  await until(async () => (await cache.remember('key', keep, () => 'source')) === 'source')
  const latch = createLatch()
  let running = 0
  let max = 0
  let loads = 0
  const load = async () => {
    loads++
    max = Math.max(max, ++running)
    await latch.wait()
    running--
    return 'shared'
  }
  const asked = Array.from({ length: 100 }, () => cache.remember('key', keep, load))
  await until(() => loads > 0)
  latch.open()

  assert.deepEqual(new Set(await Promise.all(asked)), new Set(['shared']))
  assert.equal(max, 1)
  assert.equal(loads, 2, 'the first load, and one that began after all had asked')
  assert.equal(await cache.get('key'), undefined)
  await assert.rejects(
    cache.remember('key', keep, () => assert.fail('source')),
    { message: 'source' },
  )
})

test('an invalidation while Redis is away is refused in time, and carried out when Redis is back', async t => {
  const server = await ownRedis(t)
  const { open } = await rig(t, { server })
  const [a, b] = [await open({ invalidateWithinMs: 200 }), await open()]
  await Promise.all([a.leased(), b.leased()])
  await a.remember('key', keep, () => 'old')

  server.pause()
  await assert.rejects(a.invalidate({ keys: ['key'] }), { code: 'CCH_INVALIDATION_PENDING', afterMs: 400 })
  server.resume()

  // The same start of Redis has the old value, until the invalidation gets through by itself.
  await until(async () => (await b.remember('key', keep, () => 'new')) === 'new')
  await until(async () => (await a.remember('key', keep, () => 'new')) === 'new')
})

test('an invalidation that meets a short outage waits for its end', async t => {
  const server = await ownRedis(t)
  const { open } = await rig(t, { server })
  const [a, b] = [await open(), await open()]
  await Promise.all([a.leased(), b.leased()])
  await b.remember('key', keep, () => 'old')

  await server.kill()
  const invalidated = a.invalidate({ keys: ['key'] })
  await server.restart()
  await invalidated

  assert.equal(await b.remember('key', keep, () => 'new'), 'new')
})

test('nothing comes back with the append-only file of a Redis that restarts', async t => {
  const server = await ownRedis(t)
  const { open, client } = await rig(t, { server })
  const cache = await open()
  await cache.leased()
  await cache.remember('key', keep, () => 'old')
  const entries = async () => (await client.keys('botyard:cache:*:e:*')).sort()
  const kept = await entries()

  await server.restart()
  // One that has nothing in memory.
  const other = await open()
  await other.leased()
  await until(() => client.status === 'ready')

  assert.deepEqual(
    (await entries()).filter(key => kept.includes(key)),
    kept,
  )
  assert.equal(await other.get('key'), undefined)
  assert.equal(await other.remember('key', keep, () => 'new'), 'new')
})

test('a load that began before a restart of Redis fills nothing after it', async t => {
  const server = await ownRedis(t)
  const { open } = await rig(t, { server })
  const [slow, other] = [await open(), await open()]
  await Promise.all([slow.leased(), other.leased()])
  const latch = createLatch<string>()
  const begun = createLatch()
  const reading = slow.remember('key', keep, () => {
    begun.open()
    return latch.wait()
  })
  await begun.wait()

  await server.restart()
  await Promise.all([slow.leased(), other.leased()])
  latch.open('old')
  await reading

  assert.equal(await other.remember('key', keep, () => 'new'), 'new')
  assert.equal(await slow.remember('key', keep, () => 'newer'), 'new')
})

test('a Redis that loses everything while it runs makes nobody serve what is older than a change', async t => {
  const server = await ownRedis(t)
  const { open, client } = await rig(t, { server })
  const [a, b] = [await open(), await open()]
  await Promise.all([a.leased(), b.leased()])
  for (let i = 0; i < 5; i++) {
    await b.remember('key', keep, () => i)
    await client.flushall()
    await a.invalidate({ keys: ['key'] })
    assert.equal(await b.remember('key', keep, () => i + 1), i + 1)
    await a.invalidate({ tags: ['tag'] })
  }
})
