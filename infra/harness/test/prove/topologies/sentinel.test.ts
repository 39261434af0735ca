import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startSentinels, testTls, until } from '@botyard/testkit'
import { startSystem, whenReady } from '../../../src/prove/operations/system.ts'
import { startChats } from './chats.ts'
import { asLeastUser, assertNothingRefused, leastUser } from './least-user.ts'

test('under sentinels, over TLS, a failover loses nothing that was accepted, and an old primary that comes back promises nothing', async t => {
  const sentinels = await startSentinels({ appendfsync: 'always', extra: leastUser, tls: true })
  t.after(() => sentinels.stop())
  await using system = await startSystem()
  const env = {
    REDIS_URL: `${asLeastUser(sentinels.url)}?sslrootcert=${testTls.authority}`,
    DURABLE_REPLICAS: '1',
    DURABILITY: 'strict',
  }
  const apps = await Promise.all(
    (['gateway', 'worker', 'worker', 'admin'] as const).map(app => system.start(app, env)),
  )
  await whenReady(...apps)
  const chats = startChats(t, system, apps[0]!, 20)
  await until(() => chats.accepted > 200)

  // Frozen, so that no connection breaks: only the sentinels, or silence, tell that it is gone.
  const old = await sentinels.primary()
  old.pause()
  const since = performance.now()
  await until(async () => (await sentinels.primary()) !== old)
  const before = chats.accepted
  await until(() => chats.accepted > before)
  t.diagnostic(`updates are accepted again after ${Math.round(performance.now() - since)} ms`)
  await until(() => chats.accepted > before + 200)
  old.resume()
  const role = () => sentinels.ask(old.port, async redis => (await redis.info('replication')).trim())
  // It breaks its connections when it becomes a replica.
  await until(async () => /role:slave[\s\S]*link_status:up/.test(await role().catch(() => '')))
  const after = chats.accepted
  await until(() => chats.accepted > after + 200)
  await chats.end()

  await whenReady(...apps)
  for (const app of apps) assert.equal((await app.stop()).code, 0)
  await assertNothingRefused(sentinels.nodes)
})
