import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { redisFaults, startFaultyLink, startRedis } from '@botyard/testkit'
import type { Redis } from 'ioredis'
import { createRedis, type RedisRole } from '../src/index.ts'
import { capturedLog } from './captured-log.ts'

/** A Redis behind a link that fails on demand; its clients find out within a moment. */
async function rig(t: TestContext) {
  const server = await startRedis()
  const link = await startFaultyLink(server.port)
  const faults = await redisFaults(server.url)
  const { logger, lines } = capturedLog()
  const clients: Redis[] = []
  t.after(async () => {
    for (const client of clients) client.disconnect()
    faults.close()
    await link.close()
    await server.stop()
  })
  const open = async (role: RedisRole) => {
    const redis = createRedis({ url: link.url(server.url), logger, name: 'test', role, silenceMs: 200 })
    clients.push(redis)
    await ready(redis)
    return redis
  }
  return { server, link, faults, open, clients, messages: () => lines.map(line => line.msg) }
}

async function ready(redis: Redis): Promise<void> {
  if (redis.status !== 'ready') await new Promise(resolve => redis.once('ready', resolve))
}

test('a command on a connection that became half-open is answered on a new one', async t => {
  const { link, open, messages } = await rig(t)
  const redis = await open('worker')
  await redis.set('counter', 5)

  link.halfOpen()

  assert.equal(await redis.get('counter'), '5')
  assert.deepEqual(messages(), ['redis is away', 'redis is back'])
})

test('an idle connection that became half-open is noticed, too', async t => {
  const { link, open } = await rig(t)
  const redis = await open('commands')

  link.halfOpen()
  await new Promise(resolve => redis.once('close', resolve))
  await ready(redis)

  assert.equal(await redis.ping(), 'PONG')
})

test('a subscriber whose connection became half-open hears again', async t => {
  const { server, link, open } = await rig(t)
  const subscriber = await open('subscriber')
  await subscriber.subscribe('news')
  let heard = false
  subscriber.on('message', () => {
    heard = true
  })

  link.halfOpen()
  await new Promise(resolve => subscriber.once('close', resolve))
  const publisher = createRedis({
    url: server.url,
    logger: capturedLog().logger,
    name: 'test',
    role: 'worker',
  })
  t.after(() => publisher.disconnect())
  // To the server the old connection still listens, so the number of receivers says nothing.
  while (!heard) await publisher.publish('news', 'hello')
})

test('a duplicate that waits in a blocking command is left alone for its time, and found dead after it', async t => {
  const { link, open, clients } = await rig(t)
  const redis = await open('worker')
  const blocked = redis.duplicate()
  clients.push(blocked)
  await ready(blocked)
  let closed = 0
  blocked.on('close', () => closed++)

  assert.equal(await blocked.bzpopmin('queue', 1), null)
  assert.equal(closed, 0)

  const waiting = blocked.bzpopmin('queue', 1)
  link.halfOpen()
  await redis.zadd('queue', 1, 'job')
  assert.deepEqual(await waiting, ['queue', 'job', '1'])
  assert.equal(closed, 1)
})

test('a demoted primary is asked with growing pauses, and its outage is one line', async t => {
  const { faults, open, messages } = await rig(t)
  const redis = await open('worker')
  let connections = 0
  redis.on('ready', () => connections++)

  await faults.readOnly()
  for (let i = 0; i < 2_000; i++) await assert.rejects(redis.set('x', 1), /READONLY/)
  assert.ok(connections < 10, `${connections} connections were made`)
  assert.deepEqual(messages(), ['redis is away'])

  await faults.writable()
  assert.equal(await redis.set('x', 1), 'OK')
  while (messages().length === 1) await redis.set('x', 1)
  assert.deepEqual(messages(), ['redis is away', 'redis is back'])
})
