import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { freePort, redisTlsSettings, startRedis, startRedisCluster, testTls } from '@botyard/testkit'
import { createRedis } from '../src/index.ts'
import { partitionSpread, tellPartitionSpread } from '../src/partition-spread.ts'
import { clusterOf } from '../src/redis-cluster.ts'
import { findRedisRefusal, redisAheadMs, refusalOfError } from '../src/redis-refusals.ts'
import { findMissingRights } from '../src/redis-rights.ts'
import { capturedLog } from './captured-log.ts'

function connect(t: TestContext, url: string) {
  const redis = createRedis({ url, logger: capturedLog().logger, name: 'test', role: 'commands' })
  t.after(() => redis.disconnect())
  return redis
}

async function ready(t: TestContext, url: string) {
  const redis = connect(t, url)
  if (redis.status !== 'ready') await new Promise(resolve => redis.once('ready', resolve))
  return redis
}

/** What the first error of a connection is taken for. */
async function firstRefusal(t: TestContext, url: string) {
  const redis = connect(t, url)
  return refusalOfError(await new Promise<Error>(resolve => redis.once('error', resolve)))
}

async function start(t: TestContext, extra: readonly string[] = []) {
  const server = await startRedis({ extra })
  t.after(() => server.stop())
  return server
}

test('a primary of today is not refused, one that is too old is', async t => {
  const redis = await ready(t, (await start(t)).url)

  assert.equal(await findRedisRefusal(redis), undefined)
  const refusal = await findRedisRefusal(redis, { oldest: 99 })
  assert.deepEqual([refusal?.code, refusal?.exitCode], ['RDS_TOO_OLD', 78])
  assert.match(refusal!.message, /^Redis \d+\.\d+\.\d+ is too old: 99\.0 is needed/)
})

test('a replica is refused for now, with the primary that it names', async t => {
  const primary = await start(t)
  const replica = await start(t, ['--replicaof', '127.0.0.1', String(primary.port)])
  const redis = await ready(t, replica.url)

  const refusal = await findRedisRefusal(redis)

  assert.deepEqual([refusal?.code, refusal?.exitCode], ['RDS_REPLICA', 75])
  assert.match(refusal!.message, new RegExp(`of 127.0.0.1:${primary.port}`))
})

test('a wrong password, and none, are refused', async t => {
  const server = await start(t)
  await (await ready(t, server.url)).config('SET', 'requirepass', 'sesame')

  for (const url of [server.url, server.url.replace('//', '//:wrong@')]) {
    const refusal = await firstRefusal(t, url)
    assert.deepEqual([refusal?.code, refusal?.exitCode], ['RDS_PASSWORD', 78], url)
  }
})

test('a certificate of nobody known, or of another name, is refused; one of the named authority is not', async t => {
  const port = await freePort()
  await start(t, redisTlsSettings(port))
  const trusted = `?sslrootcert=${testTls.authority}`

  assert.equal((await firstRefusal(t, `rediss://127.0.0.1:${port}`))?.code, 'RDS_TLS')
  assert.equal((await firstRefusal(t, `rediss://localhost:${port}${trusted}`))?.code, 'RDS_TLS')
  assert.equal(await (await ready(t, `rediss://127.0.0.1:${port}${trusted}`)).ping(), 'PONG')
  const named = `rediss://localhost:${port}${trusted}&servername=127.0.0.1`
  assert.equal(await (await ready(t, named)).ping(), 'PONG')
})

test("a server that asks for a client's certificate gets it", async t => {
  const port = await freePort()
  await start(t, [...redisTlsSettings(port), '--tls-auth-clients', 'yes'])
  const trusted = `rediss://127.0.0.1:${port}?sslrootcert=${testTls.authority}`

  const redis = await ready(t, `${trusted}&sslcert=${testTls.cert}&sslkey=${testTls.key}`)
  assert.equal(await redis.ping(), 'PONG')
  await new Promise(resolve => connect(t, trusted).once('error', resolve))
})

test('what is no cluster is refused as one, and the other way round', async t => {
  const single = await start(t)
  const node = await start(t, ['--cluster-enabled', 'yes', '--cluster-port', String(await freePort())])

  const asCluster = await firstRefusal(t, single.url.replace('redis:', 'redis+cluster:'))
  const asSingle = await findRedisRefusal(await ready(t, node.url))

  assert.deepEqual([asCluster?.code, asCluster?.exitCode], ['RDS_NO_CLUSTER', 78])
  assert.deepEqual([asSingle?.code, asSingle?.exitCode], ['RDS_CLUSTER', 78])
})

test('on a cluster rights are looked for on the nodes that have the keys, and how partitions lie is told', async t => {
  const cluster = await startRedisCluster()
  t.after(() => cluster.stop())
  const redis = await ready(t, cluster.url)
  const user = async (rules: string) => {
    for (const node of cluster.nodes)
      await cluster.ask(node, admin =>
        admin.call('ACL', 'SETUSER', 'bot', 'reset', 'on', '>pw', ...rules.split(' ')),
      )
    return ready(t, cluster.url.replace('//', '//bot:pw@'))
  }

  assert.equal(await findRedisRefusal(redis), undefined)
  const none = { commands: [], keys: [], channels: [], wished: [] }
  assert.deepEqual(await findMissingRights(await user('~* &* +@all')), none)
  const lacking = await user('~{p*}* &* +@all -asking -zadd')
  assert.deepEqual(await findMissingRights(lacking), {
    ...{ ...none, commands: ['asking', 'zadd'], keys: ['botyard:*'] },
  })
  const spread = partitionSpread(await clusterOf(redis)!.topology.primaries(), 4)
  assert.deepEqual(Object.values(spread).sort(), [1, 1, 2])
})

test('partitions that leave a primary without any are warned of', () => {
  const { logger, lines } = capturedLog()

  tellPartitionSpread({ a: 1, b: 1, c: 2 }, logger)
  tellPartitionSpread({ a: 1, b: 1, c: 0 }, logger)
  tellPartitionSpread({ a: 1, b: 1, c: 7 }, logger)

  assert.deepEqual(
    lines.map(line => line.code),
    [undefined, 'RDS_SPREAD', 'RDS_SPREAD'],
  )
})

test("how far Redis's clock is ahead of this machine's is known to a round trip", async t => {
  const redis = await ready(t, (await start(t)).url)

  const ahead = await redisAheadMs(redis, 'key', () => Date.now() - 90_000)
  const behind = await redisAheadMs(redis, 'key', () => Date.now() + 90_000)

  assert.deepEqual(
    [ahead, behind].map(ms => Math.round(ms / 30_000)),
    [3, -3],
  )
})
