import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLatch } from '@botyard/testkit'
import { steerBot } from '../../src/index.ts'
import { replyOf, rig, update } from '../rig.ts'

test("a bot's concurrency is capped over two processes, and the next one runs when one ends", async t => {
  const { writer, worker, steering, check } = await rig(t)
  await steerBot(steering, 'inbox', 'bot', { do: 'cap', most: 3 })
  let running = 0
  let most = 0
  let handled = 0
  const done = createLatch()
  const handle = async () => {
    running++
    most = Math.max(most, running)
    await check()
    running--
    if (++handled === 60) done.open()
    return { do: 'ack' } as const
  }
  await worker(handle, { sweep: true })
  await worker(handle, { sweep: true })

  await Promise.all(Array.from({ length: 60 }, (_, n) => writer.deliver(update(`bot/chat-${n}`, 1))))
  await done.wait()

  assert.equal(most, 3)
})

test('raising a cap puts 30,000 that wait to work at once, in their order, and newcomers overtake nobody', async t => {
  const { writer, beat, claim, settle, steering, redis } = await rig(t)
  await beat('p1')
  await beat('p2')
  await steerBot(steering, 'inbox', 'bot', { do: 'cap', most: 2 })
  for (let from = 0; from < 30_000; from += 5_000) {
    await Promise.all(
      Array.from({ length: 5_000 }, (_, i) => writer.deliver(update(`bot/chat-${from + i}`, from + i))),
    )
  }
  const first = await claim('p1', { free: 64 })
  assert.deepEqual(await claim('p2', { free: 64 }), [])
  await redis.del('{p0}:inbox:wait', '{p0}:mb:inbox:token')

  await steerBot(steering, 'inbox', 'bot', { do: 'cap', most: 50 })
  await writer.deliver(update('bot/newcomer', 30_000))
  const token = await redis.llen('{p0}:inbox:wait')
  const second = await claim('p2', { free: 64 })
  await settle('p1', first[0]!)
  const third = await claim('p1', { free: 64 })

  assert.equal(token, 1)
  assert.deepEqual(
    [...first, ...second, ...third].map(({ number }) => number),
    Array.from({ length: 51 }, (_, n) => n),
  )
})

test('a cap counts what its bot holds already, and is let go with it', async t => {
  const { writer, beat, claim, settle, die, steering, check } = await rig(t)
  const cap = (most: number) => steerBot(steering, 'inbox', 'bot', { do: 'cap', most })
  await beat('p1')
  await beat('p2')
  for (let n = 0; n < 10; n++) await writer.deliver(update(`bot/chat-${n}`, n))
  const held = await claim('p1', { free: 3 })

  await cap(4)
  await check()
  assert.equal((await claim('p2')).length, 1)
  await settle('p1', held[0]!)
  await check()
  assert.equal((await claim('p2')).length, 1)
  await die('p1')
  await check()
  assert.equal((await claim('p2')).length, 2)
  await cap(0)
  await check()
  assert.equal((await claim('p2')).length, 5)
  await cap(2)
  await check()
})

test('what a capped bot was to hold and has to wait after all leaves its place to the next one', async t => {
  const { writer, beat, claim, die, steering, check } = await rig(t)
  await steerBot(steering, 'inbox', 'bot', { do: 'cap', most: 1 })
  await writer.deliver(update('bot/suspect', 1))
  for (const process of ['p1', 'p2']) {
    await beat(process)
    await claim(process)
    await beat('witness')
    await die(process)
  }
  await writer.deliver(update('bot/innocent', 2))
  await beat('p3')

  assert.deepEqual(await claim('p3', { suspect: false }), [])
  await check()

  assert.deepEqual(
    (await claim('p3', { suspect: false })).map(({ number }) => number),
    [2],
  )
})

test('a cap of the outbox holds for replies that are granted, too', async t => {
  const { writer, beat, claim, settle, steering, check } = await rig(t)
  await steerBot(steering, 'outbox', 'bot', { do: 'cap', most: 1 })
  await beat('p1')
  for (const n of [1, 2]) await writer.deliver(update(`bot/chat-${n}`, n))
  const granted: boolean[] = []

  for (const held of await claim('p1')) {
    const settled = await settle('p1', held, { do: 'ack', replies: [replyOf('x')] }, { grant: true })
    granted.push(settled.granted)
    await check()
  }

  assert.deepEqual(granted, [true, false])
})

test('a bot leaves the rotation when a granted reply uses up its cap', async t => {
  const { beat, claim, settle, steering, check, writer, writerTo } = await rig(t)
  await steerBot(steering, 'outbox', 'bot', { do: 'cap', most: 1 })
  await beat('p1')
  await writerTo('outbox').deliver(update('bot/waits', 1))
  await writer.deliver(update('bot/answered', 2))

  const [held] = await claim('p1')
  const settled = await settle('p1', held!, { do: 'ack', replies: [replyOf('x')] }, { grant: true })

  assert.equal(settled.granted, true)
  await check()
})
