import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createLatch } from '@botyard/testkit'
import { listParked, readBacklog, readParked, unpark } from '../../src/index.ts'
import { numberOf, replyOf, rig, update } from '../rig.ts'

const c = 'bot/conversation' as const

test('a parked conversation waits for an operator, who retries its head, in order', async t => {
  const { writer, redis, worker, steering } = await rig(t)
  const parked = createLatch()
  const done = createLatch()
  const handled: number[] = []
  let poison = true
  await worker(
    async mail => {
      if (numberOf(mail) === 1 && poison) throw new Error('poison')
      handled.push(numberOf(mail))
      if (handled.length === 2) done.open()
      return { do: 'ack' }
    },
    {
      judge: () => ({ do: 'park', reason: 'X' }),
      onSettled: (_m, _d, status) => status === 'parked' && parked.open(),
    },
  )
  await writer.deliver(update(c, 1))
  await writer.deliver(update(c, 2))
  await parked.wait()
  const head = await readParked(redis, 1, 'inbox', c)
  assert.deepEqual([head?.reason, head?.attempt], ['X', 1])
  assert.equal((await readBacklog(redis, 1)).inbox.parked, 1)
  poison = false

  const answer = await unpark(steering, head!, { do: 'retry' })
  await done.wait()

  assert.equal(answer, 'ready')
  assert.deepEqual(handled, [1, 2])
})

test('skipping a parked head moves it to the dead letters, and what follows goes on', async t => {
  const { redis, steering, park, writer, mailbox, check, claim } = await setUp(t)
  await writer.deliver(update(c, 1))
  await writer.deliver(update(c, 2))
  await park()
  await check()
  const head = await readParked(redis, 1, 'inbox', c)

  assert.equal(await unpark(steering, head!, { do: 'skip', letter: Buffer.from('letter') }), 'ready')
  assert.deepEqual(await redis.lrange('{p0}:dead', '0', '-1'), ['letter'])
  await check()
  assert.equal(await unpark(steering, head!, { do: 'retry' }), 'not-parked')
  const [next] = await claim('p1')
  assert.equal(next!.number, 2)
  assert.equal((await mailbox(c)).length, 1)
})

test('who decides about another head than the one that is parked changes nothing', async t => {
  const { redis, steering, park, writer, check } = await setUp(t)
  await writer.deliver(update(c, 1))
  await park()
  const head = await readParked(redis, 1, 'inbox', c)
  const other = { ...head!, head: { ...head!.head, hash: Buffer.alloc(16, 7) } }

  assert.equal(await unpark(steering, other, { do: 'retry' }), 'changed')
  assert.equal((await check()).inbox.get(c), 'parked')
})

test("parked mail does not close its bot's backlog, and counts again when it is unparked", async t => {
  const { redis, steering, park, writer, check } = await setUp(t)
  const small = { maxBacklog: { updates: 3 } }
  for (let n = 1; n <= 3; n++) await writer.deliver(update(c, n, small))
  assert.equal(await writer.deliver(update('bot/other', 1, small)), 'backlog-full')

  await park()
  await check()
  assert.equal(await writer.deliver(update('bot/other', 1, small)), 'accepted')
  for (let n = 4; n <= 9; n++) assert.equal(await writer.deliver(update(c, n, small)), 'accepted')
  await check()
  const { inbox } = await readBacklog(redis, 1)
  assert.deepEqual([inbox.updates.get('bot'), inbox.parkedUpdates.get('bot')], [1, 9])
  assert.deepEqual(
    (await listParked(redis, 1, { bot: 'bot', limit: 10 })).map(({ conversation, reason }) => [
      conversation,
      reason,
    ]),
    [[c, 'X']],
  )

  const head = await readParked(redis, 1, 'inbox', c)
  await unpark(steering, head!, { do: 'retry' })
  await check()
  assert.equal(await writer.deliver(update('bot/third', 1, small)), 'backlog-full')
})

test('mail that waits behind what is parked has a bound of its own', async t => {
  const { park, writer, check, redis } = await setUp(t)
  await writer.deliver(update(c, 0))
  await park()
  await redis.hincrby('{p0}:mb:inbox:parked-count', 'bot', 9_998)

  assert.equal(await writer.deliver(update(c, 1)), 'accepted')
  assert.equal(await writer.deliver(update(c, 2)), 'backlog-full')
  assert.equal(await writer.deliver(update(c, 1)), 'duplicate')
  assert.equal(await writer.deliver(update('bot/other', 1)), 'accepted')
  await redis.hincrby('{p0}:mb:inbox:parked-count', 'bot', -9_998)
  await check()
})

test('replies behind a parked one count as parked, and all counts come back on unpark', async t => {
  const { redis, steering, writer, claim, settle, check } = await setUp(t)
  const answer = async (n: number) => {
    await writer.deliver(update(c, n))
    const [held] = await claim('p1')
    await settle('p1', held!, { do: 'ack', replies: [replyOf('a'), replyOf('bc')] })
  }
  await answer(1)
  const [sending] = await claim('p1', { box: 'outbox' })
  await settle('p1', sending!, { do: 'park', reason: 'X' }, { box: 'outbox' })
  await check({ roughBytes: true })

  await answer(2)
  await check({ roughBytes: true })
  const head = await readParked(redis, 1, 'outbox', c)
  await unpark(steering, head!, { do: 'retry' })

  await check()
})

test('the bytes of what was parked are exact again when it is unparked, whatever came meanwhile', async t => {
  const { redis, steering, park, writer, check } = await setUp(t)
  const sized = (name: `bot/${string}`, n: number, bytes: number) =>
    writer.deliver(update(name, n, { body: Buffer.alloc(bytes) }))
  await sized(c, 1, 1_000)
  await park()
  await sized('bot/other', 1, 10)
  await sized(c, 2, 300)
  await sized(c, 3, 20)
  await sized('bot/other', 2, 50)
  await check()

  const head = await readParked(redis, 1, 'inbox', c)
  await unpark(steering, head!, { do: 'skip', letter: Buffer.from('letter') })

  await check()
})

async function setUp(t: TestContext) {
  const all = await rig(t)
  await all.beat('p1')
  return {
    ...all,
    /** Parks what is ready. */
    async park() {
      const [held] = await all.claim('p1')
      await all.settle('p1', held!, { do: 'park', reason: 'X' })
    },
  }
}
