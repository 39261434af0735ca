import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { freePort, startRedis } from '@botyard/testkit'
import { Redis } from 'ioredis'
import { createRedis, type RedisRole } from '../src/index.ts'
import { capturedLog } from './captured-log.ts'

function connect(t: TestContext, url: string, role: RedisRole) {
  const { logger, lines } = capturedLog()
  const redis = createRedis({ url, logger, name: 'test', role })
  t.after(() => redis.disconnect())
  return { redis, messages: () => lines.map(line => line.msg) }
}

/** Unlike `once` of node:events it does not mind the 'error' events of an outage. */
function next(redis: Redis, event: string): Promise<unknown[]> {
  return new Promise(resolve => redis.once(event, (...args) => resolve(args)))
}

async function ready(redis: Redis): Promise<void> {
  if (redis.status !== 'ready') await next(redis, 'ready')
}

test('a command fails at once while Redis is away, and works again when Redis is back', async t => {
  const server = await startRedis()
  t.after(() => server.stop())
  const { redis, messages } = connect(t, server.url, 'commands')
  await ready(redis)

  for (let outage = 0; outage < 2; outage++) {
    const closed = next(redis, 'close')
    await server.kill('SIGKILL')
    await closed
    await assert.rejects(redis.ping(), /enableOfflineQueue/)
    await server.restart()
    await ready(redis)
    assert.equal(await redis.ping(), 'PONG')
  }

  assert.deepEqual(messages(), ['redis is away', 'redis is back', 'redis is away', 'redis is back'])
})

test('a client made while Redis is away works when Redis comes', async t => {
  const port = await freePort()
  const { redis, messages } = connect(t, `redis://127.0.0.1:${port}`, 'commands')
  await assert.rejects(redis.ping(), /enableOfflineQueue/)
  await next(redis, 'reconnecting')

  const server = await startRedis({ port })
  t.after(() => server.stop())
  await ready(redis)

  assert.equal(await redis.ping(), 'PONG')
  assert.deepEqual(messages(), ['redis is away', 'redis is back'])
})

test('while Redis loads its data a command fails at once, and works when it has loaded', async t => {
  const server = await startRedis({ extra: ['--key-load-delay', '300'] })
  t.after(() => server.stop())
  const filler = connect(t, server.url, 'worker').redis
  await Promise.all(Array.from({ length: 5_000 }, (_, n) => filler.set(`key${n}`, n)))
  filler.disconnect()
  await server.kill('SIGKILL')
  await server.restart({ waitUntilReady: false })

  const { redis } = connect(t, server.url, 'commands')
  await next(redis, 'connect')
  const bare = new Redis(server.url, { enableReadyCheck: false })
  t.after(() => bare.disconnect())
  await assert.rejects(bare.get('key1'), /^ReplyError: LOADING/)
  await assert.rejects(redis.get('key1'), /enableOfflineQueue/)
  await ready(redis)

  assert.equal(await redis.get('key4999'), '4999')
})

test('a command under way when Redis is killed fails and is not sent again', async t => {
  const server = await startRedis()
  t.after(() => server.stop())
  const { redis } = connect(t, server.url, 'commands')
  await ready(redis)
  await redis.set('counter', 0)

  server.pause()
  const underWay = assert.rejects(redis.incr('counter'))
  await server.kill('SIGKILL')
  await underWay
  await server.restart()
  await ready(redis)

  assert.equal(await redis.get('counter'), '0')
})

test('a command that Redis does not answer in time fails, and the client works when Redis goes on', async t => {
  const server = await startRedis()
  t.after(() => server.stop())
  const { redis } = connect(t, server.url, 'commands')
  await ready(redis)

  server.pause()
  await assert.rejects(redis.ping(), /timed out/)
  server.resume()
  await redis.ping().catch(() => ready(redis))

  assert.equal(await redis.ping(), 'PONG')
})

test('a worker client waits for Redis', async t => {
  const port = await freePort()
  const { redis } = connect(t, `redis://127.0.0.1:${port}`, 'worker')
  const answer = redis.ping()
  await next(redis, 'reconnecting')

  const server = await startRedis({ port })
  t.after(() => server.stop())

  assert.equal(await answer, 'PONG')
})

test('a subscriber hears again after an outage', async t => {
  const server = await startRedis()
  t.after(() => server.stop())
  const { redis: subscriber } = connect(t, server.url, 'subscriber')
  const { redis: publisher } = connect(t, server.url, 'worker')
  await subscriber.subscribe('news')
  await server.kill('SIGKILL')
  await server.restart()

  const heard = next(subscriber, 'message')
  while ((await publisher.publish('news', 'hello')) === 0) await publisher.ping()

  assert.deepEqual(await heard, ['news', 'hello'])
})

test('closing a client is no outage', async t => {
  const server = await startRedis()
  t.after(() => server.stop())
  const { redis, messages } = connect(t, server.url, 'commands')
  await ready(redis)

  const ended = next(redis, 'end')
  await redis.quit()
  await ended

  assert.deepEqual(messages(), [])
})
