import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConversationKey } from '@botyard/queue-contracts'
import { startFaultyLink, startRedis } from '@botyard/testkit'
import { Redis } from 'ioredis'
import { startHeartbeat } from '../src/index.ts'
import { heartbeatKey, shardBase } from '../src/keys.ts'
import { rig, update } from './rig.ts'

const c = 'bot/heartbeat' as ConversationKey
const shard = shardBase(0)

test('while no beat of anybody is news, no process counts as dead', async t => {
  const { redis, writer, claim } = await rig(t)
  await redis.mailboxBeat(shard, shard, 'p1', 60, 0)
  await writer.deliver(update(c, 1))
  assert.equal((await claim('p1', c)).status, 'claimed')

  // As when Redis is away: everybody's beats run out together.
  while ((await redis.exists(heartbeatKey(0, 'p1'))) === 1) await redis.ping()
  assert.equal((await claim('p2', c)).status, 'held')

  // Who comes back first asks for time for the others.
  await redis.mailboxBeat(shard, shard, 'p2', 60_000, 60_000)
  assert.equal((await claim('p2', c)).status, 'held')

  await redis.del(`${shard}:spared`)
  const taken = await claim('p2', c)
  assert.deepEqual([taken.status, taken.crashes], ['claimed', 1])
})

test('a process whose beats alone ran out is dead', async t => {
  const { redis, writer, claim } = await rig(t)
  await redis.mailboxBeat(shard, shard, 'p1', 60, 0)
  await writer.deliver(update(c, 1))
  await claim('p1', c)

  while ((await redis.exists(heartbeatKey(0, 'p1'))) === 1) await redis.mailboxBeat(shard, shard, 'p2', 60_000, 0)

  assert.equal((await claim('p2', c)).status, 'claimed')
})

test('a heartbeat that was cut off from Redis asks for time for all, one that was not does not', async t => {
  const server = await startRedis()
  t.after(() => server.stop())
  const link = await startFaultyLink(server.port)
  t.after(() => link.close())
  const direct = new Redis(server.url)
  direct.on('error', () => undefined)
  t.after(() => direct.disconnect())
  const client = new Redis(link.url(server.url), { maxRetriesPerRequest: null, retryStrategy: () => 20 })
  client.on('error', () => undefined)
  t.after(() => client.disconnect())
  const heartbeat = await startHeartbeat({ redis: client, shards: 1, ttlMs: 400 })
  t.after(() => heartbeat.close())
  const key = heartbeatKey(0, heartbeat.process)
  // A server as young as this one may have lost everybody's beats: that is asked for, too.
  await direct.del(`${shard}:spared`)
  let lapses = 0
  heartbeat.onLapse(() => lapses++)

  link.refuse()
  while ((await direct.exists(key)) === 1) await direct.ping()
  assert.equal(await direct.exists(`${shard}:spared`), 0)
  while (heartbeat.fresh) await direct.ping()
  link.heal()
  while ((await direct.exists(key)) === 0) await direct.ping()

  assert.equal(await direct.exists(`${shard}:spared`), 1)
  while (!heartbeat.fresh) await direct.ping()
  assert.equal(lapses, 1)
})

test('a heartbeat whose connection became half-open goes on before its life ends', async t => {
  const server = await startRedis()
  t.after(() => server.stop())
  const link = await startFaultyLink(server.port)
  t.after(() => link.close())
  const direct = new Redis(server.url)
  direct.on('error', () => undefined)
  t.after(() => direct.disconnect())
  const client = new Redis(link.url(server.url), { maxRetriesPerRequest: null, retryStrategy: () => 20 })
  client.on('error', () => undefined)
  t.after(() => client.disconnect())
  const heartbeat = await startHeartbeat({ redis: client, shards: 1, ttlMs: 2_000 })
  t.after(() => heartbeat.close())
  let lapses = 0
  heartbeat.onLapse(() => lapses++)

  link.halfOpen()
  while (link.open < 1) await direct.ping()
  while (heartbeat.ageMs > 500) await direct.ping()

  assert.equal(lapses, 0)
})
