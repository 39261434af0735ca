import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createLatch } from '@botyard/testkit'
import { steerBot } from '../../src/index.ts'
import { numberOf, replyOf, rig, update } from '../rig.ts'

test('a bot that is paused runs nothing, and its resume puts everything to work, at a cost that its backlog does not change', async t => {
  const { writer, claim, redis, check, pause, resume, commandsOf } = await setUp(t)
  const fill = (n: number) =>
    Promise.all(Array.from({ length: n }, (_, i) => writer.deliver(update(`bot/${n}-${i}`, i))))
  await fill(10)
  await pause()
  await redis.del('{p0}:mb:inbox:token')
  const few = await commandsOf(resume)
  await fill(2_000)
  const pausing = await commandsOf(pause)
  await check()
  assert.deepEqual(await claim('p1'), [])
  await writer.deliver(update('other/chat', 1))
  assert.equal((await claim('p1')).length, 1)
  await redis.del('{p0}:mb:inbox:token')
  const resuming = await commandsOf(resume)
  await check()

  assert.equal(resuming, few)
  assert.ok(pausing < few, `${pausing} commands`)
  assert.equal((await claim('p1', { free: 100 })).length, 100)
})

test('a bot that is paused until a time comes back by itself, and every process is told when', async t => {
  const { writer, turn, claim, redis, check, pause } = await setUp(t)
  await writer.deliver(update('bot/chat', 1))
  await pause((await redisMs(redis)) + 60_000)

  const { claim: paused } = await turn('p1', [], {})
  assert.deepEqual(paused!.claimed, [])
  assert.ok(paused!.dueInMs! > 50_000 && paused!.dueInMs! <= 60_000, `${paused!.dueInMs} ms`)
  await redis.zadd('{p0}:mb:inbox:resume', 1, 'bot')
  const [claimed] = await claim('p1')

  assert.equal(claimed!.conversation, 'bot/chat')
  await check()
})

test('a later end of a pause stands, and so does a pause without an end', async t => {
  const { redis, check, pause, resume } = await setUp(t)
  const until = () => redis.hget('{p0}:mb:inbox:blocks', 'paused bot')

  await pause(5_000)
  await pause(4_000)
  assert.equal(await until(), '5000')
  await pause(6_000)
  assert.equal(await until(), '6000')
  await pause()
  await pause(9_000)
  assert.equal(await until(), '0')
  await check()
  await resume()
  assert.equal(await until(), null)
  await check()
})

test('a handler that has its bot wait keeps its conversation at the front, and the others of the bot wait too', async t => {
  const { writer, claim, settle, check, resume } = await setUp(t)
  for (let n = 0; n < 3; n++) await writer.deliver(update(`bot/chat-${n}`, n))
  const [first] = await claim('p1', { free: 1 })

  assert.equal((await settle('p1', first!, { do: 'pause', afterMs: 60_000 })).status, 'released')
  await check()
  assert.deepEqual(await claim('p1'), [])
  await resume()

  assert.deepEqual(
    (await claim('p1')).map(({ number }) => number),
    [0, 1, 2],
  )
})

test('a bot whose outbox is full starts no handlers, others do, and it goes on at four fifths', async t => {
  const { writer, beat, claim, settle, check } = await setUp(t)
  const bound: [number, number] = [10, 1e6]
  await beat('p1')
  for (let n = 0; n < 40; n++) await writer.deliver(update(`bot/chat-${n}`, n))
  await writer.deliver(update('other/chat', 1))
  const answer = { do: 'ack', replies: [replyOf('a')] } as const

  let answered = 0
  for (let [held] = await claim('p1', { free: 1 }); held; [held] = await claim('p1', { free: 1 })) {
    if (held.conversation.startsWith('bot')) answered++
    await settle('p1', held, answer, {}, bound)
    await check()
  }
  assert.equal(answered, 11)
  assert.equal(await writer.deliver(update('bot/one-more', 1)), 'accepted')
  await check()

  const sent: number[] = []
  for (const reply of await claim('p1', { box: 'outbox', free: 16 })) {
    if (!reply.conversation.startsWith('bot')) continue
    await settle('p1', reply, { do: 'ack' }, { box: 'outbox' }, bound)
    await check()
    sent.push((await claim('p1', { free: 1 })).length)
    if (sent.at(-1) === 1) break
  }
  assert.deepEqual(sent, [0, 0, 1])
})

test('a worker whose platform stands still stops its handlers at the bound, and goes on when it moves', async t => {
  const { writer, worker, check } = await setUp(t)
  const go = createLatch()
  const done = createLatch()
  let sent = 0
  let answered = 0
  const side = await worker(
    async () => {
      await go.wait()
      if (++sent === 100) done.open()
      return { do: 'ack' }
    },
    { box: 'outbox', concurrency: 4, maxOutbox: { replies: 20, bytes: 1e6 } },
  )
  const stopped = createLatch()
  side.addInbox(
    async mail => {
      answered++
      return { do: 'ack', replies: [replyOf(String(numberOf(mail)))] }
    },
    { concurrency: 4, onSettled: () => answered === 21 && stopped.open() },
  )

  await Promise.all(Array.from({ length: 100 }, (_, n) => writer.deliver(update(`bot/chat-${n}`, n))))
  await stopped.wait()
  const { outbox } = await check()
  assert.ok(outbox.size <= 21 + 4, `${outbox.size} replies wait`)
  go.open()
  await done.wait()

  assert.equal(answered, 100)
})

async function setUp(t: TestContext) {
  const all = await rig(t)
  await all.beat('p1')
  const steer = (order: Parameters<typeof steerBot>[3]) => steerBot(all.steering, 'inbox', 'bot', order)
  return {
    ...all,
    pause: (untilMs = 0) => steer({ do: 'pause', untilMs }),
    resume: () => steer({ do: 'resume' }),
    /** How many commands Redis ran for something, those of scripts included. */
    async commandsOf(task: () => Promise<unknown>) {
      await all.redis.config('RESETSTAT')
      await task()
      const stats = await all.redis.info('commandstats')
      const calls = [...stats.matchAll(/cmdstat_(?!info|config)[^:]*:calls=(\d+)/g)]
      return calls.reduce((sum, [, n]) => sum + Number(n), 0)
    },
  }
}

async function redisMs(redis: { time(): Promise<(string | number)[]> }): Promise<number> {
  return Number((await redis.time())[0]) * 1000
}
