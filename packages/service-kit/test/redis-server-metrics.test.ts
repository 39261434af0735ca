import assert from 'node:assert/strict'
import { once } from 'node:events'
import test, { type TestContext } from 'node:test'
import { startRedis, until } from '@botyard/testkit'
import { pino } from 'pino'
import { createRedis, createRegistry, registerRedisServer } from '../src/index.ts'

async function setUp(t: TestContext) {
  const server = await startRedis({ appendfsync: 'always' })
  t.after(() => server.stop())
  const logger = pino({ level: 'silent' })
  const redis = createRedis({ url: server.url, logger, name: 'test', role: 'commands' })
  t.after(() => redis.disconnect())
  await once(redis, 'ready')
  const registry = createRegistry({ app: 'test' })
  registerRedisServer(registry, redis)
  const read = async () => {
    const metrics = await registry.getMetricsAsJSON()
    return (name: string, problem?: string) => {
      const { values = [] } = metrics.find(metric => metric.name === `botyard_redis_${name}`) ?? {}
      return values.find(({ labels }) => labels.problem === problem)?.value
    }
  }
  return { server, redis, read }
}

test('memory, its limit and slow writes of the server are read at each scrape', async t => {
  const { redis, read } = await setUp(t)
  await redis.config('SET', 'maxmemory', '64mb')

  const value = await read()

  assert.equal(value('up'), 1)
  assert.equal(value('max_memory_bytes'), 64 * 1024 * 1024)
  assert.ok(value('used_memory_bytes')! > 100_000)
  assert.equal(value('delayed_fsyncs'), 0)
  assert.equal(value('replicas'), 0)
  assert.ok(value('connections')! >= 1)
})

test('each setting that may lose accepted updates is a problem of its own', async t => {
  const { redis, read } = await setUp(t)

  const before = await read()
  await redis.config('SET', 'appendonly', 'no')
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
  const after = await read()

  const named = ['no-append-only-file', 'append-only-file-not-written', 'evicts']
  const of = (value: typeof before) => named.map(name => value('problem', name))
  assert.deepEqual(of(before), [0, 0, 0])
  assert.deepEqual(of(after), [1, 0, 1])
})

test('while the server is away it is not up, and nothing else is said of it', async t => {
  const { server, redis, read } = await setUp(t)

  await server.stop()
  await until(() => redis.status !== 'ready')
  const value = await read()

  assert.equal(value('up'), 0)
  assert.equal(value('used_memory_bytes'), undefined)
})

test('a server that denies INFO is up', async t => {
  const { redis, read } = await setUp(t)
  await redis.acl('SETUSER', 'default', '-info')

  const value = await read()

  assert.equal(value('up'), 1)
  assert.equal(value('used_memory_bytes'), undefined)
})
