import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRedisCluster, type TestRedisCluster, until } from '@botyard/testkit'
import { startSystem, whenReady } from '../../../src/prove/operations/system.ts'
import { startChats } from './chats.ts'
import { asLeastUser, assertNothingRefused, leastUser } from './least-user.ts'

/** Of `{p0}`, `{p3}`: the slots of two partitions of four, on different primaries. */
const slotOfP0 = 15_882
const slotOfP3 = 3_689

test('on a cluster a node may fail and a slot may move: nothing accepted is lost, each chat stays in order', async t => {
  const cluster = await startRedisCluster({ appendfsync: 'always', extra: leastUser })
  t.after(() => cluster.stop())
  await using system = await startSystem()
  const env = {
    ...{
      REDIS_URL: asLeastUser(cluster.url),
      QUEUE_PARTITIONS: '4',
      DURABLE_REPLICAS: '1',
      DURABILITY: 'strict',
    },
  }
  const apps = await Promise.all(
    (['gateway', 'worker', 'worker', 'admin'] as const).map(app => system.start(app, env)),
  )
  await whenReady(...apps)
  const chats = startChats(t, system, apps[0]!, 20)
  await until(() => chats.accepted > 200)

  const from = await cluster.primaryOf(slotOfP0)
  const to = cluster.nodes.slice(0, 3).find(node => node !== from)!
  const carryThrough = await cluster.beginMove(slotOfP0, to)
  // Neither node runs a script of a partition that is on its way.
  const refused = chats.refused
  await until(() => chats.refused > refused)
  await carryThrough()
  await until(async () => (await cluster.primaryOf(slotOfP0)) === to)
  const moved = chats.accepted
  await until(() => chats.accepted > moved + 200)

  const dead = await cluster.primaryOf(slotOfP3)
  await dead.kill()
  const since = performance.now()
  await until(async () => (await cluster.primaryOf(slotOfP3)) !== dead)
  const before = chats.accepted
  await until(() => chats.accepted > before + 200)
  t.diagnostic(`a node is replaced, and traffic flows, after ${Math.round(performance.now() - since)} ms`)
  await dead.restart()
  const after = chats.accepted
  await until(() => chats.accepted > after + 200)
  await chats.end()

  assert.deepEqual(await primariesWithMail(cluster), 3)
  await whenReady(...apps)
  for (const app of apps) assert.equal((await app.stop()).code, 0)
  await assertNothingRefused(cluster.nodes)
})

async function primariesWithMail(cluster: TestRedisCluster): Promise<number> {
  const owners = await Promise.all([15_882, 11_819, 7_752, 3_689].map(slot => cluster.primaryOf(slot)))
  return new Set(owners).size
}
