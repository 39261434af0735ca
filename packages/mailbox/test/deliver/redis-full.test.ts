import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createLatch, until } from '@botyard/testkit'
import { checkLayout, startDeadLetterMover, steerBot } from '../../src/index.ts'
import { heartbeatKey } from '../../src/redis/keys.ts'
import { numberOf, replyOf, rig, update } from '../rig.ts'

const c = 'bot/conversation' as const

test('a full Redis refuses what comes in and does all that drains it', async t => {
  const { writer, beat, claim, settle, die, redis, steering, fill, check } = await setUp(t)
  await beat('p1')
  await beat('p2')
  for (const n of [1, 2, 3, 4]) await writer.deliver(update(c, n))
  await writer.deliver(update('bot/other', 1))
  await fill()

  await assert.rejects(writer.deliver(update(c, 5)), { code: 'MBX_UNAVAILABLE' })
  const [first, other] = await claim('p1')
  assert.equal(
    (await settle('p1', first!, { do: 'ack', replies: [replyOf('a')] }, { keep: false })).status,
    'released',
  )
  await settle('p1', other!, { do: 'park', reason: 'X' })
  const [second] = await claim('p1')
  await settle('p1', second!, { do: 'retry', afterMs: 0, counts: true })
  await claim('p1')
  await beat('p1')
  assert.equal(await die('p1'), 1)
  const [third] = await claim('p2')
  assert.equal(
    (await settle('p2', third!, { do: 'dead', letter: Buffer.from('x'), reason: 'X' })).status,
    'held',
  )
  await steerBot(steering, 'inbox', 'bot', { do: 'pause', untilMs: 0 })
  await check()
  await redis.config('SET', 'maxmemory', '0')

  // The guard looks each second.
  await until(() =>
    writer.deliver(update(c, 5)).then(
      outcome => outcome === 'accepted',
      () => false,
    ),
  )
  await check()
})

test('a worker drains a full Redis, and takes in what comes when there is room again', async t => {
  const { writer, worker, redis, fill } = await setUp(t)
  let handled = 0
  const go = createLatch()
  const done = createLatch()
  await worker(
    async () => {
      await go.wait()
      if (++handled === 301) done.open()
      return { do: 'ack' }
    },
    { concurrency: 10, sweep: true },
  )
  await Promise.all(Array.from({ length: 300 }, (_, n) => writer.deliver(update(`bot/chat-${n}`, n))))
  await fill()
  await assert.rejects(writer.deliver(update(c, 1)), { code: 'MBX_UNAVAILABLE' })

  go.open()
  await until(() => handled === 300)
  await redis.config('SET', 'maxmemory', '0')
  // The guard looks each second.
  await until(() => writer.deliver(update(c, 1)).then(Boolean, () => false))
  await done.wait()
})

test('what is taken over while Redis is full is worked off by who took it over: no token can be added', async t => {
  const { writer, worker, beat, claim, redis, fill } = await setUp(t)
  const handled = createLatch<boolean>()
  await beat('p1')
  await writer.deliver(update(c, 1))
  await claim('p1', { token: true })
  await redis.del('{p0}:inbox:wait')
  await worker(
    async ({ interrupted }) => {
      handled.open(interrupted)
      return { do: 'ack' }
    },
    { sweep: true },
  )
  await fill()

  await redis.del(heartbeatKey(0, 'p1'))

  assert.equal(await handled.wait(), true)
})

test('who starts while Redis is full drains it: no token can be had, and none is asked for again and again', async t => {
  const { writer, worker, beat, claim, redis, fill, check } = await setUp(t)
  await checkLayout(redis)
  await beat('p1')
  for (const n of [1, 2, 3]) await writer.deliver(update(`bot/chat-${n}`, n))
  assert.equal((await claim('p1', { free: 1 })).length, 1)
  await redis.del(heartbeatKey(0, 'p1'))
  await fill()
  await checkLayout(redis)
  const handled: number[] = []
  const refusals: unknown[] = []

  const { close } = await worker(
    async mail => {
      handled.push(numberOf(mail))
      return { do: 'ack' }
    },
    { sweep: true, onTrouble: error => refusals.push(error) },
  )
  await until(() => handled.length === 3)

  assert.ok(refusals.length < 50, `${refusals.length} refusals`)
  await redis.config('SET', 'maxmemory', '0')
  await close()
  await check()
})

test('intake stops at a watermark below the limit, before Redis itself refuses, and goes on below it', async t => {
  const { writer, redis } = await setUp(t)
  await redis.set('ballast', Buffer.alloc(50_000_000))
  // Of what is used now: what waits for the append-only file counts too, for a moment.
  const setLimit = async () => {
    const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))![1])
    await redis.config('SET', 'maxmemory', String(Math.floor(used / 0.9)))
  }
  const rejection = () => writer.deliver(update('bot/full', 1)).catch(error => error as Error)

  // Redis has room: only the guard's look, each second, can have refused.
  await until(async () => {
    await setLimit()
    return (await rejection()) instanceof Error
  })
  assert.match(String(await rejection()), /maxmemory/)
  await redis.set('proof', 'that Redis takes writes')
  await redis.config('SET', 'maxmemory', '0')

  await until(async () => !((await rejection()) instanceof Error))
})

test('dead letters leave a full Redis', async t => {
  const { redis, fill } = await setUp(t)
  const stored = createLatch<string>()
  await redis.rpush('{p0}:dead', 'letter')
  await fill()
  const mover = startDeadLetterMover({
    ...{ redis, partitions: 1, process: 'p1', intervalMs: 5 },
    async store([letter]) {
      stored.open(String(letter))
      return []
    },
  })
  t.after(() => mover.close())

  assert.equal(await stored.wait(), 'letter')
  await until(async () => (await redis.exists('{p0}:dead')) === 0)
})

async function setUp(t: TestContext) {
  const all = await rig(t)
  return {
    ...all,
    /** Puts Redis far over its limit. */
    fill: () => all.redis.config('SET', 'maxmemory', '1'),
  }
}
