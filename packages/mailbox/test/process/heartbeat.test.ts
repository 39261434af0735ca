import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type ConversationKey, partitionTag } from '@botyard/queue-contracts'
import { startFaultyLink, startRedis } from '@botyard/testkit'
import { Redis } from 'ioredis'
import { startHeartbeat } from '../../src/index.ts'
import { heartbeatKey } from '../../src/redis/keys.ts'
import { rig, update } from '../rig.ts'

const c = 'bot/heartbeat' as ConversationKey
const partition = partitionTag(0)

test('while no beat of anybody is news, no process counts as dead', async t => {
  const { redis, writer, claim, takeOver } = await rig(t)
  await beat(redis, 'p1', 60_000)
  await writer.deliver(update(c, 1))
  assert.equal((await claim('p1')).length, 1)
  await beat(redis, 'p1', 60)

  // As when Redis is away: everybody's beats run out together.
  while ((await redis.exists(heartbeatKey(0, 'p1'))) === 1) await redis.ping()
  assert.equal(await takeOver(), 0)

  // Who comes back first asks for time for the others.
  await beat(redis, 'p2', 60_000, 60_000)
  assert.equal(await takeOver(), 0)

  await redis.del(`${partition}:spared`)
  assert.equal(await takeOver(), 1)
  const [taken] = await claim('p2')
  assert.equal(taken!.crashes, 1)
})

test('a process whose beats alone ran out is dead', async t => {
  const { redis, writer, claim, takeOver } = await rig(t)
  await beat(redis, 'p1', 60_000)
  await writer.deliver(update(c, 1))
  await claim('p1')
  await beat(redis, 'p1', 60)

  while ((await redis.exists(heartbeatKey(0, 'p1'))) === 1) await beat(redis, 'p2', 60_000)
  assert.equal(await takeOver(), 1)

  assert.equal((await claim('p2')).length, 1)
})

test('who was cut off alone, while others beat, gets no time for them', async t => {
  const { redis, writer, claim, takeOver } = await rig(t)
  await beat(redis, 'p1', 60_000)
  await writer.deliver(update(c, 1))
  await claim('p1')
  await redis.del(heartbeatKey(0, 'p1'))
  await beat(redis, 'p2', 60_000)
  await redis.set(`${partition}:beating`, Date.now() - 10_000)

  await beat(redis, 'p3', 60_000, 60_000, 8_000)

  assert.equal(await takeOver(), 1)
})

test('after an outage one that starts first takes nothing from those who are about to come back', async t => {
  const { redis, writer, claim, takeOver } = await rig(t)
  await beat(redis, 'p1', 60_000)
  await writer.deliver(update(c, 1))
  await claim('p1')
  await redis.del(heartbeatKey(0, 'p1'), `${partition}:spared`)
  await redis.set(`${partition}:beating`, Date.now() - 60_000)
  await redis.set(`${partition}:pulse`, Date.now() - 5_000)

  // A little time for one that starts, and all of it for one that was cut off as long as all others.
  await beat(redis, 'new', 60_000, 60_000)
  assert.equal(await takeOver(), 0)
  await redis.del(`${partition}:spared`)
  await beat(redis, 'p2', 60_000, 60_000, 8_000)
  assert.equal(await takeOver(), 0)

  await redis.del(`${partition}:spared`)
  assert.equal(await takeOver(), 1)
})

test('a process that starts when nobody beats leaves the others a moment to come back', async t => {
  const { redis, open } = await rig(t)
  // A server that is younger than two lives is another case.
  const uptimeSeconds = async () => Number(/uptime_in_seconds:(\d+)/.exec(await redis.info('server'))?.[1])
  while ((await uptimeSeconds()) < 2) await redis.ping()

  const heartbeat = await startHeartbeat({ redis: open(), partitions: 1, ttlMs: 800 })
  t.after(() => heartbeat.close())

  const leftMs = await redis.pttl(`${partition}:spared`)
  assert.ok(leftMs > 0 && leftMs <= 2_000, `${leftMs} ms`)
})

test('a process without a heartbeat is given nothing', async t => {
  const { redis, writer, claim } = await rig(t)
  await writer.deliver(update(c, 1))

  assert.deepEqual(await claim('p1'), [])
  await beat(redis, 'p1', 60_000)
  assert.equal((await claim('p1')).length, 1)
})

test('a heartbeat that was cut off from Redis asks for time for all, one that was not does not', async t => {
  const { link, direct, heartbeat } = await beatOverLink(t, 400)
  const key = heartbeatKey(0, heartbeat.process)
  // A server as young as this one may have lost everybody's beats: that is asked for, too.
  await direct.del(`${partition}:spared`)
  let doubts = 0
  heartbeat.onDoubt(() => doubts++)

  link.refuse()
  while ((await direct.exists(key)) === 1) await direct.ping()
  assert.equal(await direct.exists(`${partition}:spared`), 0)
  while (heartbeat.fresh) await direct.ping()
  assert.equal(doubts, 0)
  link.heal()
  while ((await direct.exists(key)) === 0) await direct.ping()

  assert.equal(await direct.exists(`${partition}:spared`), 1)
  while (!heartbeat.fresh) await direct.ping()
  assert.equal(doubts, 1)
})

test('a heartbeat whose connection became half-open goes on before its life ends', async t => {
  const { link, direct, heartbeat } = await beatOverLink(t, 2_000)

  link.halfOpen()
  while (link.open < 1) await direct.ping()
  while (heartbeat.ageMs > 500) {
    assert.ok(heartbeat.fresh)
    await direct.ping()
  }
})

test('what is held is in doubt after Redis was restarted, and every few beats', async t => {
  const server = await startRedis()
  t.after(() => server.stop())
  const client = new Redis(server.url, { maxRetriesPerRequest: null, retryStrategy: () => 20 })
  client.on('error', () => undefined)
  t.after(() => client.disconnect())
  const heartbeat = await startHeartbeat({ redis: client, partitions: 1, ttlMs: 60_000 })
  t.after(() => heartbeat.close())
  let doubts = 0
  heartbeat.onDoubt(() => doubts++)

  await server.kill()
  await server.restart()
  while (doubts < 1) await heartbeat.nextBeat()
  const afterRestart = doubts
  for (let beat = 0; beat < 4; beat++) await heartbeat.nextBeat()

  // A connection that comes back beats by itself, so there may be more beats than were asked for.
  assert.ok(doubts > afterRestart, `${doubts} doubts`)
})

test('who asks for the next beat while one is under way gets one after it, not at the next interval', async t => {
  const { open } = await rig(t)
  const heartbeat = await startHeartbeat({ redis: open(), partitions: 1, ttlMs: 600_000 })
  t.after(() => heartbeat.close())

  await Promise.all([heartbeat.nextBeat(), heartbeat.nextBeat()])
})

/** A heartbeat whose way to Redis can fail, and a client beside it. */
async function beatOverLink(t: TestContext, ttlMs: number) {
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
  const heartbeat = await startHeartbeat({ redis: client, partitions: 1, ttlMs })
  t.after(() => heartbeat.close())
  return { link, direct, heartbeat }
}

function beat(redis: Redis, process: string, lifeMs: number, spareMs = 0, gapMs = 0) {
  return redis.mailboxBeat(partition, process, lifeMs, spareMs, 'run', 0, 0, gapMs)
}
