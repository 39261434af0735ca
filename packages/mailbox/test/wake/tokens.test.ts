import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLatch, until } from '@botyard/testkit'
import { numberOf, replyOf, rig, update } from '../rig.ts'

const waiting = '{p0}:inbox:wait'

test('a token is added only if there is ready work and none is outstanding', async t => {
  const { writer, redis, beat, claim } = await rig(t)
  await beat('p1')

  for (let n = 0; n < 10; n++) await writer.deliver(update(`bot/chat-${n}`, n))
  assert.equal(await redis.llen(waiting), 1)
  // A claim that no token asks for leaves the mark alone, one in its name takes it.
  await claim('p1', { free: 16 })
  await writer.deliver(update('bot/later', 1))
  assert.equal(await redis.llen(waiting), 1)
  await claim('p1', { free: 16, token: true })
  await writer.deliver(update('bot/latest', 1))
  assert.equal(await redis.llen(waiting), 2)
})

test('mail for a conversation that is held, delayed or parked asks for no token', async t => {
  const { writer, redis, beat, claim, settle } = await rig(t)
  await beat('p1')
  for (const name of ['bot/held', 'bot/delayed', 'bot/parked'] as const) await writer.deliver(update(name, 1))
  const [, delayed, parked] = await claim('p1', { token: true })
  await settle('p1', delayed!, { do: 'retry', afterMs: 60_000, counts: true })
  await settle('p1', parked!, { do: 'park', reason: 'X' })
  const before = await redis.llen(waiting)

  for (const name of ['bot/held', 'bot/delayed', 'bot/parked'] as const) await writer.deliver(update(name, 2))

  assert.equal(await redis.llen(waiting), before)
})

test('a claim that leaves work for want of places answers that a token is to be added, once', async t => {
  const { writer, beat, turn } = await rig(t)
  await beat('p1')
  for (let n = 0; n < 10; n++) await writer.deliver(update(`bot/chat-${n}`, n))

  const first = await turn('p1', [], { free: 4, token: true })
  const second = await turn('p1', [], { free: 4 })
  const third = await turn('p1', [], { free: 4, token: true })

  assert.deepEqual(
    [first, second, third].map(({ claim }) => [claim!.left > 0, claim!.addTokens.length > 0]),
    [
      [true, true],
      [true, false],
      [false, false],
    ],
  )
})

test('a lost token is replaced by the sweeper, one that waits is not', async t => {
  const { writer, redis, worker } = await rig(t)
  const go = createLatch()
  const handled: number[] = []
  const handle = async (mail: Parameters<typeof numberOf>[0]) => {
    handled.push(numberOf(mail))
    await go.wait()
    return { do: 'ack' } as const
  }
  const { turns } = await worker(handle)
  // Its first look needs no token: it follows the first answer, and is over with the second.
  await turns.answered()
  await turns.answered()
  await redis.hset('{p0}:inbox:meta', 'paused', 1)
  await writer.deliver(update('bot/one', 1))
  await redis.del('{p0}:inbox:paused', waiting)
  assert.deepEqual(handled, [])
  await redis.hdel('{p0}:inbox:meta', 'paused')

  await worker(async () => ({ do: 'ack' }), { box: 'outbox', sweep: true })
  await until(() => handled.length === 1)
  go.open()

  assert.deepEqual(handled, [1])
})

test('a process that is full gives a token to one that is idle', async t => {
  const { writer, worker } = await rig(t)
  const names = Array.from({ length: 12 }, (_, n) => `bot-${n}/chat` as const)
  const all = createLatch()
  let running = 0
  const handle = async () => {
    if (++running === names.length) all.open()
    await all.wait()
    return { do: 'ack' } as const
  }

  for (let n = 0; n < 3; n++) await worker(handle, { concurrency: 4 })
  for (const name of names) await writer.deliver(update(name, 1))
  await all.wait()

  assert.equal(running, 12)
})

test('what a process that shuts down hands back is taken by an idle one at once', async t => {
  const { writer, worker, check } = await rig(t)
  const started = createLatch()
  const release = createLatch()
  const done = createLatch()
  const handled: number[] = []
  const handle = async (mail: Parameters<typeof numberOf>[0]) => {
    started.open()
    await release.wait()
    handled.push(numberOf(mail))
    if (handled.length === 20) done.open()
    return { do: 'ack' } as const
  }
  const first = await worker(handle)
  for (let n = 1; n <= 20; n++) await writer.deliver(update('bot/conversation', n))
  await started.wait()
  const closed = first.close()
  await worker(handle)

  release.open()
  await closed
  await done.wait()

  assert.deepEqual(
    handled,
    Array.from({ length: 20 }, (_, i) => i + 1),
  )
  await check()
})

test('replies of a process that does not claim from the outbox are sent by one that does', async t => {
  const { writer, worker } = await rig(t)
  const sent = createLatch<string>()
  await worker(
    async mail => {
      sent.open(String(mail.body))
      return { do: 'ack' }
    },
    { box: 'outbox' },
  )
  await worker(async () => ({ do: 'ack', replies: [replyOf('hello')] }))

  await writer.deliver(update('bot/conversation', 1))

  assert.equal(await sent.wait(), 'hello')
})
