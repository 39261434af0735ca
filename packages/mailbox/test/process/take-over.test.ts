import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partitionTag } from '@botyard/queue-contracts'
import { heartbeatKey } from '../../src/redis/keys.ts'
import { replyOf, rig, update } from '../rig.ts'

const c = 'bot/conversation' as const

test('after a crash between handler and settle another process runs the update again and settles it once', async t => {
  const { writer, beat, die, claim, settle, mailbox, check } = await rig(t)
  await writer.deliver(update(c, 1))
  await beat('p1')
  await beat('p2')
  const [first] = await claim('p1')
  assert.deepEqual(await claim('p2'), [])

  assert.equal(await die('p1'), 1)
  await check()
  const [second] = await claim('p2')
  const zombie = await settle('p1', first!)
  const settled = await settle('p2', second!)

  assert.deepEqual([second!.crashes, second!.interrupted, second!.number], [1, true, 1])
  assert.ok(fenceOf(second!) > fenceOf(first!))
  assert.equal(zombie.status, 'refused')
  assert.equal(settled.status, 'empty')
  assert.equal((await mailbox(c)).length, 0)
  await check()
})

test("a fenced zombie's replies never reach the outbox", async t => {
  const { writer, beat, die, claim, settle, mailbox } = await rig(t)
  await writer.deliver(update(c, 1))
  await beat('p1')
  await beat('p2')
  const [zombie] = await claim('p1')
  await die('p1')
  const [owner] = await claim('p2')

  await settle('p2', owner!, { do: 'ack', replies: [replyOf('owner')] })
  await settle('p1', zombie!, { do: 'ack', replies: [replyOf('zombie')] })

  assert.deepEqual(
    (await mailbox(c, 'outbox')).map(entry => String(entry.subarray(28))),
    ['owner'],
  )
})

test('a process that kept its heartbeat but lost its hold is refused, also when it holds the conversation again', async t => {
  const { writer, beat, die, claim, settle, check } = await rig(t)
  await writer.deliver(update(c, 1))
  await beat('p1')
  await beat('p2')
  const [old] = await claim('p1')
  await die('p1')
  await beat('p1')
  const [again] = await claim('p1')

  assert.equal((await settle('p1', old!)).status, 'refused')
  assert.equal((await settle('p1', again!)).status, 'empty')
  await check()
})

test('a back-off stays one when its process dies, and so does what is parked', async t => {
  const { writer, beat, die, claim, settle, check } = await rig(t)
  await beat('p1')
  for (const name of ['bot/retried', 'bot/parked'] as const) {
    await writer.deliver(update(name, 1))
    const [held] = await claim('p1')
    await settle(
      'p1',
      held!,
      name === 'bot/parked' ? { do: 'park', reason: 'X' } : { do: 'retry', afterMs: 60_000, counts: true },
    )
  }

  assert.equal(await die('p1'), 0)
  await writer.deliver(update('bot/parked', 2))

  const { inbox } = await check()
  assert.deepEqual(Object.fromEntries(inbox), { 'bot/retried': 'delayed', 'bot/parked': 'parked' })
  await beat('p2')
  assert.deepEqual(await claim('p2'), [])
})

test('what was taken over comes before everything else of its bot, the oldest first', async t => {
  const { writer, beat, die, claim, check } = await rig(t)
  await beat('p1')
  await beat('p2')
  const names = Array.from({ length: 20 }, (_, n) => `bot/chat-${n}` as const)
  const start = Date.now()
  const now = t.mock.method(Date, 'now').mock
  for (const [n, name] of names.entries()) {
    now.mockImplementation(() => start + n)
    await writer.deliver(update(name, n))
  }
  t.mock.reset()
  const held = await claim('p1', { free: 10 })
  await die('p1')
  await check()

  const claimed = await claim('p2', { free: 20 })

  assert.equal(held.length, 10)
  assert.deepEqual(
    claimed.map(({ number }) => number),
    names.map((_, n) => n),
  )
})

test('a dead process that held more than one page loses all of it, and is forgotten', async t => {
  const { writer, beat, die, takeOver, claim, redis, check } = await rig(t)
  await beat('p1')
  await beat('p2')
  await Promise.all(Array.from({ length: 700 }, (_, n) => writer.deliver(update(`bot/chat-${n}`, n))))
  assert.equal((await claim('p1', { free: 700 })).length, 700)

  let taken = await die('p1')
  for (let page = taken; page > 0; taken += page) page = await takeOver()

  assert.equal(taken, 700)
  assert.deepEqual(await redis.zrange('{p0}:processes', '0', '-1'), ['p2'])
  assert.deepEqual(new Set((await check()).inbox.values()), new Set(['run']))
})

test('fences grow although their counter was lost', async t => {
  const { writer, beat, claim, settle, redis } = await rig(t)
  await beat('p1')
  await writer.deliver(update(c, 1))
  const [before] = await claim('p1')
  await settle('p1', before!)
  await redis.del('{p0}:fence')
  await writer.deliver(update(c, 2))

  const [after] = await claim('p1')

  assert.ok(fenceOf(after!) > fenceOf(before!))
})

function fenceOf({ hold }: { hold: string }): bigint {
  return BigInt(hold.slice(0, hold.indexOf(':')))
}

test('what dead processes held comes back whole, however many they are and however much each held', async t => {
  const { writer, writerTo, redis, beat, claim, check } = await rig(t)
  const names = Array.from({ length: 450 }, (_, n) => `bot-${n % 7}/chat-${n}` as const)
  await Promise.all(names.map(name => writer.deliver(update(name, 1))))
  await Promise.all(names.slice(0, 40).map(name => writerTo('outbox').deliver(update(name, 2))))
  for (const [process, free] of [
    ['p1', 200],
    ['p2', 100],
    ['p3', 150],
  ] as const) {
    await beat(process)
    await claim(process, { free })
    await claim(process, { free: 12, box: 'outbox' })
  }
  await redis.del(...['p1', 'p2', 'p3'].map(process => heartbeatKey(0, process)))

  let taken = 0
  for (let more = 1; more > 0; taken += more) {
    more = await redis.mailboxTakeOver(partitionTag(0), 256)
    await check()
  }

  assert.equal(taken, 450 + 36)
})
