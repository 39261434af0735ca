import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { after, before, type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createKeyring, createRedis } from '@botyard/service-kit'
import { startRedis, type TestRedis, until } from '@botyard/testkit'
import { createKeyStore } from '../../src/keys/key-store.ts'
import { type LiveRing, liveRings } from '../../src/keys/keyring-bus.ts'
import { reportKeyring } from '../../src/keys/report-keyring.ts'
import { controlDatabases, logger } from '../control-databases.ts'

const databases = controlDatabases()
let server: TestRedis
before(async () => {
  server = await startRedis()
})
after(() => server.stop())

const key = () => randomBytes(32).toString('base64')
const k1 = key()
const k2 = key()

test('processes tell which keys they have and seal with, at once after a change, and no more when they end', async t => {
  const redis = await openRedis(t)
  const store = createKeyStore(await databases.migrated(t))
  const keyring = createKeyring({ active: 'k1', keys: { k1 } })
  const report = reportKeyring({ redis, store, keyring, app: 'worker', logger })
  t.after(() => report.close())
  const [first] = await rings(t, found => found.length === 1)
  const noted = await poll(
    () => store.list(),
    ages => ages.length === 1,
  )

  keyring.replace({ active: 'k2', keys: { k1, k2 } })
  const [second] = await rings(t, found => found[0]?.active === 'k2')
  const ages = await poll(
    () => store.list(),
    ages => ages.length === 2,
  )
  await report.close()

  assert.match(first!.member, /^worker@/)
  assert.deepEqual([first!.active, Object.keys(first!.keys)], ['k1', ['k1']])
  assert.deepEqual(Object.keys(second!.keys), ['k1', 'k2'])
  assert.equal(second!.keys.k1, first!.keys.k1)
  assert.ok(second!.activeForMs < 5_000)
  assert.ok(noted[0]!.firstActiveAt)
  const [one, two] = ages
  assert.deepEqual([one!.id, two!.id], ['k1', 'k2'])
  assert.deepEqual(one!.firstSeenAt, noted[0]!.firstSeenAt)
  assert.ok(one!.firstSeenAt < two!.firstSeenAt)
  assert.ok(two!.firstActiveAt && two!.lastActiveAt)
  assert.deepEqual(await liveRings(redis), [])
})

test('a key that was never active has no such day, and the first one stays', async t => {
  const store = createKeyStore(await databases.migrated(t))
  const ring = (active: boolean) => [{ id: 'k1', fingerprint: 'aa', active }]

  await store.note(ring(false))
  const [before] = await store.list()
  await store.note(ring(true))
  const [between] = await store.list()
  // Days come to the millisecond.
  await until(() => Date.now() > between!.lastActiveAt!.getTime())
  await store.note(ring(true))
  await store.note(ring(false))
  const [now] = await store.list()

  assert.deepEqual([before!.firstActiveAt, before!.lastActiveAt], [null, null])
  assert.ok(between!.firstActiveAt && between!.lastActiveAt)
  assert.deepEqual(now!.firstActiveAt, between!.firstActiveAt)
  assert.ok(now!.lastActiveAt! > between!.lastActiveAt!)
})

async function openRedis(t: TestContext) {
  const redis = createRedis({ url: server.url, logger, name: 'test', role: 'commands' })
  t.after(() => redis.disconnect())
  await once(redis, 'ready')
  return redis
}

async function rings(t: TestContext, isSo: (found: LiveRing[]) => boolean): Promise<LiveRing[]> {
  const redis = await openRedis(t)
  return poll(() => liveRings(redis), isSo)
}

/** Looks until it is so; what another process or timer does has no event here. */
async function poll<T>(look: () => Promise<T>, isSo: (found: T) => boolean): Promise<T> {
  for (let n = 0; n < 500; n++) {
    const found = await look()
    if (isSo(found)) return found
    await delay(10)
  }
  throw new Error('it never came to be')
}
