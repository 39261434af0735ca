import assert from 'node:assert/strict'
import { test } from 'node:test'
import { announceShardChange } from '@botyard/control-database/notices'
import { createShardStore } from '@botyard/control-database/shards'
import { keyring } from '@botyard/control-database/testing'
import { until } from '@botyard/testkit'
import { userKey } from '../../src/stores/user-key.ts'
import { shardRigs } from '../shard-rig.ts'

const rigs = shardRigs()

/** What lies in the database may be older than the checks of what comes in. */
const malformed = 'postgres://botyard:S3cr3t#x/y@10.0.0.9:5432/shard'

test('a stored url that cannot be parsed is an unreachable host: it ends no process, and the other hosts serve', async t => {
  const rig = await rigs.build(t)
  const [first] = rig.shards
  await createShardStore(rig.control, keyring).register({
    id: 'shard-1',
    hosts: [malformed, ...first!.hosts],
  })
  await createShardStore(rig.control, keyring).register({ id: 'shard-9', hosts: [malformed] })

  const { shards } = await rig.process()

  assert.deepEqual(await shards.check(), { away: ['shard-9'] })
  const results = await shards.each(({ db }) => db.selectFrom('users').selectAll().execute())
  assert.deepEqual(results.map(({ shard, status }) => [shard, status]).sort(), [
    ['shard-1', 'ok'],
    ['shard-2', 'ok'],
    ['shard-9', 'failed'],
  ])
})

test('a malformed url that is registered while a process runs leaves it as it is', async t => {
  const rig = await rigs.build(t)
  const { shards, directory } = await rig.process()
  const [first] = rig.shards

  const done = await createShardStore(rig.control, keyring).register({
    id: 'shard-1',
    hosts: [...first!.hosts, malformed],
  })
  assert.ok(done.status === 'changed')
  await announceShardChange({ redis: rig.commands(), change: done.change, timeoutMs: 10_000 })

  // A process that has only just started need not be waited for: it hears of the change a moment later.
  await until(() => directory.latest?.shards.get('shard-1')?.hosts.length === 2)
  assert.deepEqual(await shards.check(), { away: [] })
})

test('a registered shard that nobody can read leaves the others in service', async t => {
  const rig = await rigs.build(t)
  await rig.control
    .updateTable('shards')
    .set({ hosts: Buffer.from('not an envelope') })
    .where('id', '=', 'shard-2')
    .execute()

  const { shards, directory } = await rig.process()

  assert.deepEqual([...directory.latest!.shards.keys()], ['shard-1'])
  assert.deepEqual(await shards.check(), { away: [] })
  const keys = Array.from({ length: 50 }, (_, i) =>
    userKey({ platform: 'telegram', scope: 's', user: String(i) }),
  )
  for (const key of keys) {
    const asked = shards.forUser(key).selectFrom('users').selectAll().where('user_key', '=', key).execute()
    if (key < 2n ** 62n) assert.deepEqual(await asked, [])
    else await assert.rejects(asked, { code: 'SHD_MAP_UNAVAILABLE' })
  }
  await assert.rejects(createShardStore(rig.control, keyring).list(), 'who does not ask for it is told')
})
