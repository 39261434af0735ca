import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLatch } from '@botyard/testkit'
import { rig, servedFromMemory } from './rig.ts'

const keep = { ttlMs: 60_000 }

test('when an invalidation has resolved, no process has the older value in any tier', async t => {
  const { open } = await rig(t)
  const caches = await Promise.all(Array.from({ length: 3 }, () => open()))
  await Promise.all(caches.map(cache => cache.leased()))
  let source = 1
  const read = (cache: (typeof caches)[0]) => cache.remember('key', keep, () => source)

  for (; source < 50; source++) {
    const before = await Promise.all(caches.map(read))
    assert.deepEqual(before, [source, source, source])
    assert.deepEqual(await Promise.all(caches.map(cache => servedFromMemory(cache, 'key'))), before)
    source++
    await caches[source % 3]!.invalidate({ keys: ['key'] })
    assert.deepEqual(await Promise.all(caches.map(read)), [source, source, source])
    await caches[0]!.invalidate({ keys: ['key'] })
  }
})

test('a tag invalidates all that bear it and nothing else', async t => {
  const { open } = await rig(t)
  const [a, b] = [await open(), await open()]
  await Promise.all([a.leased(), b.leased()])
  let loads = 0
  const load = () => ++loads
  const fill = async (cache: typeof a) => [
    await cache.remember('one', { ...keep, tags: ['x', 'y'] }, load),
    await cache.remember('two', { ...keep, tags: ['y'] }, load),
    await cache.remember('three', keep, load),
  ]
  const before = await fill(a)
  assert.deepEqual(await fill(b), before)

  await b.invalidate({ tags: ['x'] })

  const [one, two, three] = await fill(a)
  assert.deepEqual([one, two, three], [4, before[1], before[2]])
  assert.deepEqual(await fill(b), [one, two, three])
})

test('a slow reader gets what it loaded, but it never comes back after an invalidation', async t => {
  const { open } = await rig(t)
  const [slow, other] = [await open(), await open()]
  await Promise.all([slow.leased(), other.leased()])
  for (const changed of [{ keys: ['key'] }, { tags: ['tag'] }]) {
    const latch = createLatch<string>()
    const begun = createLatch()
    const reading = slow.remember('key', { ...keep, tags: ['tag'] }, () => {
      begun.open()
      return latch.wait()
    })
    await begun.wait()

    await other.invalidate(changed)
    latch.open('old')

    assert.equal(await reading, 'old')
    assert.equal(await servedFromMemory(slow, 'key'), undefined)
    assert.equal(await other.remember('key', { ...keep, tags: ['tag'] }, () => 'new'), 'new')
    assert.equal(await slow.remember('key', { ...keep, tags: ['tag'] }, () => 'new'), 'new')
    await other.invalidate({ keys: ['key'] })
  }
})

test('who asks after an invalidation does not share a load that began before it', async t => {
  const { open } = await rig(t)
  const [reader, writer] = [await open(), await open()]
  await Promise.all([reader.leased(), writer.leased()])
  const latch = createLatch<string>()
  const begun = createLatch()
  const early = reader.remember('key', keep, () => {
    begun.open()
    return latch.wait()
  })
  await begun.wait()

  await writer.invalidate({ keys: ['key'] })
  const late = await reader.remember('key', keep, () => 'new')
  latch.open('old')

  assert.equal(late, 'new')
  assert.equal(await early, 'old')
  assert.equal(await reader.remember('key', keep, () => 'newer'), 'new')
})

test('a value that is set replaces the one of every process', async t => {
  const { open } = await rig(t)
  const [a, b] = [await open(), await open()]
  await Promise.all([a.leased(), b.leased()])
  await a.set('key', 1, { ...keep, tags: ['tag'] })
  assert.equal(await b.get('key'), 1)
  assert.equal(await b.remember('key', { ...keep, tags: ['tag'] }, () => 0), 1)

  await a.set('key', 2, { ...keep, tags: ['tag'] })
  const second = [await a.get('key'), await b.get('key')]
  await b.invalidate({ tags: ['tag'] })

  assert.deepEqual(second, [2, 2])
  assert.equal(await a.get('key'), undefined)
})

test('many invalidations at once are a few changes, and all are carried out', async t => {
  const { open, client, stateKey } = await rig(t)
  const [a, b] = [await open(), await open()]
  await Promise.all([a.leased(), b.leased()])
  const keys = Array.from({ length: 1_000 }, (_, i) => `key-${i}`)
  for (const key of keys) await b.remember(key, keep, () => 'old')

  await Promise.all(keys.map(key => a.invalidate({ keys: [key] })))

  const values = await Promise.all(keys.map(key => b.remember(key, keep, () => 'new')))
  assert.deepEqual(new Set(values), new Set(['new']))
  assert.ok(Number(await client.hget(await stateKey(), 's')) <= 4)
})
