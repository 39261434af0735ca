import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createLatch, until } from '@botyard/testkit'
import { steerBot } from '../../src/index.ts'
import { numberOf, replyOf, rig, update } from '../rig.ts'

const c = 'bot/conversation' as const
const answered = (...texts: string[]) => ({ do: 'ack', replies: texts.map(replyOf) }) as const
const grant = { grant: true }

test('replies are granted with the update that they answer, and popped under that hold', async t => {
  const { held, settle, check, mailbox } = await setUp(t)

  const { granted } = await settle('p1', held, answered('a', 'b'), grant)

  assert.equal(granted, true)
  assert.equal((await check()).outbox.get(c), 'hold p1')
  const [first, second] = (await mailbox(c, 'outbox')) as [Buffer, Buffer]
  const fence = `${held.hold.split(':')[0]}-0`
  const one = { conversation: c, hold: `${fence}:0:${first.readUIntBE(0, 6)}` }
  assert.equal((await settle('p1', one, { do: 'ack' }, { box: 'outbox' })).status, 'held')
  await check()
  const two = { conversation: c, hold: `${fence}:1:${second.readUIntBE(0, 6)}` }
  assert.equal((await settle('p1', two, { do: 'ack' }, { box: 'outbox' })).status, 'empty')
  await check()
})

test('a process whose clock differs from that of Redis settles all replies that it was granted', async t => {
  const { held, settle, check } = await setUp(t)
  t.mock.method(Date, 'now', () => 1_000_000)
  const replies = ['a', 'b'].map(replyOf)
  t.mock.reset()

  assert.equal((await settle('p1', held, { do: 'ack', replies }, grant)).granted, true)
  const fence = `${held.hold.split(':')[0]}-0`
  const settled: string[] = []
  for (const position of [0, 1]) {
    const one = { conversation: c, hold: `${fence}:${position}:1000000` }
    settled.push((await settle('p1', one, { do: 'ack' }, { box: 'outbox' })).status)
    await check()
  }

  assert.deepEqual(settled, ['held', 'empty'])
})

test('nothing is granted unless it is asked for, to a paused bot, or behind other replies', async t => {
  const { held, settle, check, writer, claim, steering } = await setUp(t)
  for (let n = 2; n <= 4; n++) await writer.deliver(update(`bot/chat-${n}`, n))
  const [second, third] = await claim('p1')

  assert.equal((await settle('p1', held, answered('a'))).granted, false)
  await steerBot(steering, 'outbox', 'bot', { do: 'pause', untilMs: 0 })
  assert.equal((await settle('p1', second!, answered('b'), grant)).granted, false)
  await steerBot(steering, 'outbox', 'bot', { do: 'resume' })
  await writer.deliver(update(second!.conversation, 5))
  const [again] = await claim('p1')
  assert.equal((await settle('p1', again!, answered('c'), grant)).granted, false)
  assert.equal((await settle('p1', third!, answered('d'), grant)).granted, true)

  const { outbox } = await check()
  assert.deepEqual(Object.fromEntries(outbox), {
    [c]: 'run',
    [second!.conversation]: 'run',
    [third!.conversation]: 'hold p1',
  })
})

test('an outbox that its own settle empties in the same turn is granted again', async t => {
  const { held, settle, turn, writer, claim, check, mailbox } = await setUp(t)
  await settle('p1', held, answered('a'), grant)
  const [entry] = await mailbox(c, 'outbox')
  await writer.deliver(update(c, 2))
  const [next] = await claim('p1')
  const common = { conversation: c, keep: true, wanted: 0, troubled: false }
  const sent = `${held.hold.split(':')[0]}-0:0:${entry!.readUIntBE(0, 6)}`

  const { settled } = await turn('p1', [
    { ...common, ...grant, box: 'inbox', hold: next!.hold, bytes: 29, disposition: answered('b') },
    { ...common, box: 'outbox', hold: sent, bytes: entry!.length, disposition: { do: 'ack' }, grant: false },
  ])

  assert.deepEqual(
    settled.map(({ status, granted }) => [status, granted]),
    [
      ['empty', true],
      ['empty', false],
    ],
  )
  assert.equal((await check()).outbox.get(c), 'hold p1')
})

test('after a crash a granted reply may have been sent', async t => {
  const { held, settle, beat, die, claim, check } = await setUp(t)
  await settle('p1', held, answered('a', 'b'), grant)
  await beat('p2')

  await die('p1')
  await check()

  const [first] = await claim('p2', { box: 'outbox' })
  assert.deepEqual([first!.interrupted, first!.crashes], [true, 1])
  const next = await settle('p2', first!, { do: 'ack' }, { box: 'outbox', keep: false })
  assert.equal(next.status, 'released')
  const [second] = await claim('p2', { box: 'outbox' })
  assert.equal(second!.troubled, false)
})

test('a worker sends what it wrote from its memory, and updates that come meanwhile go on', async t => {
  const { writer, worker, check, redis } = await rig(t)
  const sent: unknown[] = []
  const done = createLatch()
  const outbox = await worker(
    async mail => {
      sent.push(mail.content)
      if (sent.length === 40) done.open()
      return { do: 'ack' }
    },
    { box: 'outbox' },
  )
  await outbox.addInbox(async mail => answered(`${numberOf(mail)} a`, `${numberOf(mail)} b`))

  for (let n = 0; n < 20; n++) await writer.deliver(update(`bot/chat-${n}`, n))
  await done.wait()
  await outbox.close()

  assert.deepEqual(new Set(sent), new Set(Array.from({ length: 20 }, (_, n) => [`${n} a`, `${n} b`]).flat()))
  assert.equal((await check()).outbox.size, 0)
  assert.equal(await redis.exists('{p0}:mb:outbox:count'), 0)
})

test('the record of the last reply that was sent from memory waits for another turn, no other record does', async t => {
  const { writer, writerTo, worker } = await rig(t)
  const recorded = createLatch()
  const mayWait = new Map<string, boolean>()
  const outbox = await worker(async () => ({ do: 'ack' }), { box: 'outbox', concurrency: 40 })
  await outbox.addInbox(async mail => answered(...(numberOf(mail) === 1 ? ['one'] : ['first', 'last'])))
  const { settle } = outbox.turns
  let replies = 0
  outbox.turns.settle = (partition, settlement, options) => {
    const { box, conversation } = settlement
    if (box === 'outbox') mayWait.set(`${conversation} ${++replies}`, options?.mayWait === true)
    if (replies === 4) recorded.open()
    return settle(partition, settlement, options)
  }

  await writer.deliver(update('bot/one', 1))
  await until(() => replies === 1)
  await writer.deliver(update('bot/two', 2))
  await until(() => replies === 3)
  await writerTo('outbox').deliver(update('bot/claimed', 3))
  await recorded.wait()

  assert.deepEqual(
    [...mayWait],
    [
      ['bot/one 1', true],
      ['bot/two 2', false],
      ['bot/two 3', true],
      ['bot/claimed 4', false],
    ],
  )
})

test('a worker whose places to send are all taken records at once what was sent', async t => {
  const { writer, worker } = await rig(t)
  const recorded = createLatch<boolean>()
  const outbox = await worker(async () => ({ do: 'ack' }), { box: 'outbox', concurrency: 1 })
  await outbox.addInbox(async () => answered('one'))
  const { settle } = outbox.turns
  outbox.turns.settle = (partition, settlement, options) => {
    if (settlement.box === 'outbox') recorded.open(options?.mayWait === true)
    return settle(partition, settlement, options)
  }

  await writer.deliver(update('bot/one', 1))

  assert.equal(await recorded.wait(), false)
})

/** A process that holds a conversation with one update. */
async function setUp(t: TestContext) {
  const all = await rig(t)
  await all.beat('p1')
  await all.writer.deliver(update(c, 1))
  const [held] = await all.claim('p1')
  return { ...all, held: held! }
}
