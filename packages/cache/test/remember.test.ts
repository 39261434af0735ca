import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLatch } from '@botyard/testkit'
import { rig, servedFromMemory, until } from './rig.ts'

const keep = { ttlMs: 60_000 }
const never = () => assert.fail('loaded once more')

test('a value is loaded once, then comes from memory, and from Redis in another process', async t => {
  const { open } = await rig(t)
  const [a, b] = [await open(), await open()]
  await a.leased()

  const loaded = await a.remember('key', keep, () => ({ name: 'Ada' }))

  assert.deepEqual(loaded, { name: 'Ada' })
  assert.equal(await servedFromMemory(a, 'key'), loaded)
  assert.deepEqual(await b.remember('key', keep, never), { name: 'Ada' })
  assert.deepEqual(await b.get('key'), { name: 'Ada' })
  assert.equal(await b.get('other'), undefined)
})

test('many who ask at once share one load, in all processes', async t => {
  const { open } = await rig(t)
  const caches = await Promise.all(Array.from({ length: 3 }, () => open()))
  await Promise.all(caches.map(cache => cache.leased()))
  const latch = createLatch<number>()
  let loads = 0
  const load = () => {
    loads++
    return latch.wait()
  }

  const asked = caches.flatMap(cache => Array.from({ length: 20 }, () => cache.remember('key', keep, load)))
  await until(() => loads > 0)
  latch.open(7)
  const values = await Promise.all(asked)

  assert.deepEqual(new Set(values), new Set([7]))
  assert.equal(loads, 1)
})

test('a load that fails is told to all who wait for it and is not kept', async t => {
  const { open } = await rig(t)
  const cache = await open()
  await cache.leased()
  const failing = async () => {
    throw new Error('no source')
  }

  const answers = await Promise.allSettled([
    cache.remember('key', keep, failing),
    cache.remember('key', keep, failing),
  ])
  const next = await cache.remember('key', keep, () => 1)

  assert.deepEqual(
    answers.map(answer => answer.status),
    ['rejected', 'rejected'],
  )
  assert.equal(next, 1)
})

test('values are frozen and what JSON makes of them, whether loaded or found', async t => {
  const { open } = await rig(t)
  const [a, b] = [await open(), await open()]
  const value = { at: new Date(0), list: [{ n: 1 }] }

  const loaded = await a.remember('key', keep, () => value as unknown)
  const found = await b.remember('key', keep, never as () => unknown)

  assert.deepEqual(loaded, { at: '1970-01-01T00:00:00.000Z', list: [{ n: 1 }] })
  assert.deepEqual(found, loaded)
  assert.ok(Object.isFrozen((found as { list: object[] }).list[0]))
  assert.ok(!Object.isFrozen(value))
  await assert.rejects(
    a.remember('big', keep, () => 1n as unknown),
    { code: 'CCH_NOT_JSON' },
  )
  await assert.rejects(
    a.remember('function', keep, () => (() => 1) as unknown),
    { code: 'CCH_NOT_JSON' },
  )
})

test('that there is nothing is remembered only for as long as was asked for', async t => {
  const { open } = await rig(t)
  const cache = await open()
  await cache.leased()
  let loads = 0
  const load = () => void loads++

  await cache.remember('plain', keep, load)
  await cache.remember('plain', keep, load)
  const without = loads
  await cache.remember('negative', { ...keep, negativeTtlMs: 60_000 }, load)
  await cache.remember('negative', { ...keep, negativeTtlMs: 60_000 }, load)

  assert.equal(without, 2)
  assert.equal(loads, 3)
})

test('a value is served by no tier when its time is over', async t => {
  const { open } = await rig(t)
  const cache = await open()
  await cache.leased()
  let loads = 0

  await cache.remember('key', { ttlMs: 30 }, () => ++loads)
  await until(async () => (await cache.remember('key', { ttlMs: 30 }, () => ++loads)) === 2)

  assert.equal(loads, 2)
})

test('no key, tag or value stands in clear in Redis, and every key expires', async t => {
  const { open, client, namespace } = await rig(t)
  const cache = await open()
  await cache.leased()

  await cache.remember('user-4711', { ...keep, tags: ['tag-4711'] }, () => ({ secret: 'text-4711' }))
  await cache.set('user-4711-b', 'text-4711', keep)

  const keys = await client.keys(`botyard:cache:{${namespace}}:*`)
  assert.ok(keys.length >= 4, keys.join(' '))
  for (const key of keys) {
    const value =
      (await client.type(key)) === 'hash' ? JSON.stringify(await client.hgetall(key)) : await client.get(key)
    assert.doesNotMatch(`${key} ${value}`, /4711|secret/)
    assert.ok((await client.pttl(key)) > 0, key)
  }
})

test('memory is bounded by entries and by bytes', async t => {
  const { open } = await rig(t)
  const few = await open({ maxEntries: 10 })
  const small = await open({ maxBytes: 20_000, namespace: 'small' })
  await Promise.all([few.leased(), small.leased()])
  const inMemory = async (cache: typeof few) => {
    const found = await Promise.all(Array.from({ length: 50 }, (_, i) => servedFromMemory(cache, `key-${i}`)))
    return found.filter(value => value !== undefined).length
  }

  for (const cache of [few, small]) {
    for (let i = 0; i < 50; i++) await cache.remember(`key-${i}`, keep, () => 'x'.repeat(1_000))
  }

  assert.equal(await inMemory(few), 10)
  assert.equal(await inMemory(small), 8)
})
