import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Settlement } from '../../src/turns/settlement.ts'
import { replyOf, rig, update } from '../rig.ts'

const c = 'bot/conversation' as const
const number = 7_000

test('a turn that is sent again pops once, appends its replies once and answers the same', async t => {
  const { turn, acked, mailbox, check } = await setUp(t, 3)
  const send = () => turn('p1', [acked({ grant: true })], { free: 4 }, number)

  const first = await send()
  const again = await send()

  assert.equal(first.settled[0]!.status, 'held')
  assert.equal(first.settled[0]!.granted, true)
  assert.deepEqual(again, first)
  assert.equal((await mailbox(c)).length, 2)
  assert.equal((await mailbox(c, 'outbox')).length, 1)
  await check()
})

test('a repeated turn grants what it granted, also when its first run emptied the mailbox', async t => {
  const { turn, acked, mailbox, check } = await setUp(t, 1)
  const send = () => turn('p1', [acked({ grant: true })], undefined, number)

  const first = await send()
  const again = await send()

  assert.deepEqual([first.settled[0]!.status, first.settled[0]!.granted], ['empty', true])
  assert.deepEqual(again, first)
  assert.equal((await mailbox(c, 'outbox')).length, 1)
  assert.equal((await check()).outbox.get(c), 'hold p1')
})

test('a repeated turn claims the same conversations under the same fences, and no more', async t => {
  const { turn, writer, check } = await setUp(t, 1)
  for (let n = 0; n < 6; n++) await writer.deliver(update(`bot/chat-${n}`, n))
  const send = () => turn('p1', [], { free: 4 }, number)

  const first = await send()
  await writer.deliver(update('bot/newcomer', 1))
  const again = await send()

  assert.equal(first.claim!.claimed.length, 4)
  assert.deepEqual(again.claim!.claimed, first.claim!.claimed)
  const { inbox } = await check()
  assert.equal([...inbox.values()].filter(place => place === 'hold p1').length, 5)
})

test('a repeated turn answers no more bytes than its first run did', async t => {
  const { turn, acked } = await setUp(t, 30, 1_000)
  const send = () => turn('p1', [acked({ wanted: 16 })], { free: 1, maxBytes: 3_000 }, number)

  const first = await send()
  const again = await send()

  assert.equal(first.settled[0]!.entries.length, 3)
  assert.deepEqual(again, first)
})

test('after a take-over in between a repeated turn is refused and claims nothing that is not its own', async t => {
  const { turn, acked, writer, die, claim, beat, check, mailbox } = await setUp(t, 2)
  for (let n = 0; n < 3; n++) await writer.deliver(update(`bot/chat-${n}`, n))
  const send = () => turn('p1', [acked({ grant: true })], { free: 2 }, number)
  const first = await send()
  assert.equal(first.claim!.claimed.length, 2)

  await die('p1')
  const owned = [...(await claim('p2')), ...(await claim('p2', { box: 'outbox' }))]
  // It was frozen, not dead.
  const again = await send()
  await beat('p1')
  const later = await turn('p1', [acked()], { free: 2 }, number + 1)

  assert.equal(owned.length, 5)
  assert.deepEqual([again.settled[0]!.status, again.settled[0]!.granted], ['refused', false])
  assert.deepEqual(again.claim!.claimed, [])
  assert.equal(later.settled[0]!.status, 'refused')
  assert.equal((await mailbox(c, 'outbox')).length, 1)
  const { inbox, outbox } = await check()
  assert.deepEqual(new Set([...inbox.values(), ...outbox.values()]), new Set(['hold p2']))
})

test('a repeated turn keeps nothing that a take-over of a part of it took', async t => {
  const { turn, acked, redis, check } = await setUp(t, 2)
  const send = () => turn('p1', [acked({ grant: true })], undefined, number)
  await send()
  // As when the take-over stopped at the end of a page: the answer is still kept, the outbox is gone.
  await redis.hdel('{p0}:mb:outbox:hold:p1', c)
  await redis.rpush('{p0}:mb:outbox:run:bot', c)
  await redis.zadd('{p0}:mb:outbox:bots', 1, 'bot')
  await check()

  const again = await send()

  assert.deepEqual([again.settled[0]!.status, again.settled[0]!.granted], ['held', false])
})

test('two operations on one conversation in one turn, the first of which empties it: the second is refused', async t => {
  const { turn, acked, redis, mailbox, check } = await setUp(t, 1)

  const { settled } = await turn('p1', [acked(), acked()])

  assert.deepEqual(
    settled.map(({ status }) => status),
    ['empty', 'refused'],
  )
  assert.equal((await mailbox(c, 'outbox')).length, 1)
  assert.equal(await redis.hget('{p0}:mb:inbox:count', 'bot'), null)
  await check()
})

/** A process that holds a conversation with some updates; `acked` settles its head with a reply. */
async function setUp(t: TestContext, updates: number, size = 0) {
  const all = await rig(t)
  await all.beat('p1')
  await all.beat('p2')
  for (let n = 1; n <= updates; n++) {
    await all.writer.deliver(update(c, n, size > 0 ? { body: Buffer.alloc(size) } : {}))
  }
  const [held] = await all.claim('p1')
  const [head] = await all.mailbox(c)
  const acked = (more: Partial<Settlement> = {}): Settlement => ({
    ...{ box: 'inbox', conversation: c, hold: held!.hold, bytes: head!.length, keep: true, wanted: 16 },
    ...{ troubled: false, grant: false, disposition: { do: 'ack', replies: [replyOf('reply')] } },
    ...more,
  })
  return { ...all, acked }
}
