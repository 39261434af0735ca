import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { membersBehind, shardBus } from '@botyard/control-database/notices'
import { createShardStore, type ShardStore } from '@botyard/control-database/shards'
import { controlDatabases, keyring, logger, until } from '@botyard/control-database/testing'
import { createRedis } from '@botyard/service-kit'
import { createLatch, startRedis } from '@botyard/testkit'
import { createShardDirectory } from '../../src/map/shard-directory.ts'
import { evenRanges } from '../../src/map/shard-map.ts'
import { createShardMapStore } from '../../src/map/shard-map-store.ts'

const databases = controlDatabases()

/** Polls so seldom that a test which does not mean to wait for it never sees one. */
const neverMs = 1_000_000

test('hosts are sealed, registered once, and change under one row of numbers with the map', async t => {
  const { control, store, maps } = await setUp(t)
  const url = 'postgres://botyard:secret@10.0.0.1/users'

  const first = await store.register({ id: 'a', hosts: [url] })
  const again = await store.register({ id: 'a', hosts: [url] })
  const map = await maps.change({ expected: 0, ranges: evenRanges(['a']), reason: 'test' })
  const other = await store.register({ id: 'a', hosts: [url, `${url}2`], directHosts: [url] })

  assert.deepEqual([first, again], [{ status: 'registered', change: 1 }, { status: 'same' }])
  assert.equal(map.status === 'changed' && map.map.version, 2)
  assert.deepEqual(other, { status: 'changed', change: 3 })
  assert.equal(await store.lastChange(), 3)
  assert.deepEqual(await store.list(), [{ id: 'a', hosts: [url, `${url}2`], directHosts: [url] }])
  const row = await control.selectFrom('shards').select('hosts').executeTakeFirstOrThrow()
  assert.ok(!row.hosts.includes('secret'))
})

test('of two changes of one version of the map one is outdated, and a bad one changes nothing', async t => {
  const { store, maps } = await setUp(t)
  for (const id of ['a', 'b']) await store.register({ id, hosts: ['postgres://localhost/x'] })
  const change = (expected: number, ...ids: string[]) =>
    maps.change({ expected, ranges: evenRanges(ids), reason: 'test' })

  const both = await Promise.all([change(0, 'a'), change(0, 'b')])
  const version = (await maps.current())!.version

  assert.deepEqual(both.map(result => result.status).sort(), ['changed', 'outdated'])
  await assert.rejects(change(version, 'a', 'nobody'), { code: 'SHD_MAP_INVALID' })
  await assert.rejects(
    maps.change({ expected: version, ranges: evenRanges(['a', 'b']).slice(1), reason: 'test' }),
    {
      code: 'SHD_MAP_INVALID',
    },
  )
  assert.equal((await maps.current())?.version, version)
})

test('a lease that lapsed and came back counts only after the map has been asked for anew', async t => {
  const { store, maps } = await setUp(t)
  await store.register({ id: 'a', hosts: ['postgres://localhost/x'] })
  const server = await startRedis()
  t.after(() => server.stop())
  const client = (role: 'commands' | 'subscriber') => {
    const redis = createRedis({ url: server.url, logger, name: 'test', role })
    t.after(() => redis.disconnect())
    return redis
  }
  const redis = client('commands')
  let gate = createLatch()
  gate.open()
  const slow: Pick<ShardStore, 'list' | 'lastChange'> = {
    list: store.list,
    async lastChange() {
      await gate.wait()
      return store.lastChange()
    },
  }
  const directory = createShardDirectory({
    ...{ shards: slow, maps, logger, pollMs: neverMs },
    redis: client('subscriber'),
    commands: redis,
  })
  t.after(() => directory.close())
  await until(() => directory.current() !== undefined)
  gate = createLatch()
  await server.kill()
  await until(() => directory.current() === undefined)

  await maps.change({ expected: 0, ranges: evenRanges(['a']), reason: 'test' })
  await server.restart()
  // It is announced to again, and has not been asked anew.
  await until(() => redis.status === 'ready')
  await redis.del(shardBus.membersKey)
  let behind: string[] = []
  while (behind.length === 0) behind = await membersBehind(redis, shardBus, 2)
  // One more beat: by then the answer to the first has arrived.
  await redis.del(shardBus.membersKey)
  behind = []
  while (behind.length === 0) behind = await membersBehind(redis, shardBus, 2)
  assert.equal(directory.current(), undefined)

  gate.open()
  await until(() => directory.current()?.map !== undefined)
})

async function setUp(t: TestContext) {
  const control = await databases.migrated(t)
  return { control, store: createShardStore(control, keyring), maps: createShardMapStore(control) }
}
