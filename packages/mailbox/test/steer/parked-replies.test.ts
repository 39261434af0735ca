import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { listParked, readBacklog, readParked, unpark } from '../../src/index.ts'
import { replyOf, rig, update } from '../rig.ts'

const c = 'bot/conversation' as const
const other = 'bot/other' as const

test('beyond their bound, replies behind a parked one park their conversation, and the bot goes on', async t => {
  const { redis, writer, answer, fill, claim, check } = await setUp(t)
  for (let n = 2; n <= 9; n++) await writer.deliver(update(c, n))
  await writer.deliver(update(other, 1))

  assert.deepEqual(await fill(), ['held', 'held', 'released'])
  const next = await claim('p1', {}, bound)

  assert.deepEqual(
    next.map(({ conversation }) => conversation),
    [other],
  )
  const { inbox } = await check()
  assert.equal(inbox.get(c), 'parked')
  assert.deepEqual(await reasons(redis), ['inbox MBX_REPLIES_PARKED', 'outbox X'])
  const backlog = await readBacklog(redis, 1)
  assert.deepEqual([backlog.inbox.updates.get('bot'), backlog.inbox.parkedUpdates.get('bot')], [1, 5])
  assert.equal(await answer(next[0]!), 'empty')
  await check()
})

test('a conversation that got empty parks with its next update, and intake counts that apart', async t => {
  const { writer, claim, fill, check } = await setUp(t)
  for (let n = 2; n <= 4; n++) await writer.deliver(update(c, n))
  assert.deepEqual(await fill(), ['held', 'held', 'empty'])

  const small = { maxBacklog: { updates: 1 } }
  await writer.deliver(update(c, 5, small))
  assert.deepEqual(await claim('p1', {}, bound), [])

  assert.equal(await writer.deliver(update(c, 6, small)), 'accepted')
  assert.equal(await writer.deliver(update(other, 1, small)), 'accepted')
  assert.equal((await check()).inbox.get(c), 'parked')
})

for (const word of ['retry', 'skip'] as const) {
  test(`an operator's ${word} of the replies lets go on what parked with them, in order, and wakes a worker`, async t => {
    const { redis, steering, tokens, writer, claim, fill, check } = await setUp(t)
    for (let n = 2; n <= 9; n++) await writer.deliver(update(c, n))
    await fill()
    await claim('p1', { token: true }, bound)
    const before = await tokens.waiting(0, 'inbox')
    const head = await readParked(redis, 1, 'outbox', c)

    await unpark(steering, head!, word === 'retry' ? { do: word } : { do: word, letter: Buffer.from('x') })

    const { inbox, outbox } = await check({ roughBytes: true })
    assert.deepEqual([inbox.get(c), outbox.get(c)], ['run', 'run'])
    assert.equal(await tokens.waiting(0, 'inbox'), before + 1)
    const [next] = await claim('p1', {}, bound)
    assert.equal(next!.number, 5)
  })
}

test('what an operator lets go on while its replies are parked parks again', async t => {
  const { redis, steering, writer, claim, fill, check } = await setUp(t)
  for (let n = 2; n <= 9; n++) await writer.deliver(update(c, n))
  await fill()
  await claim('p1', {}, bound)
  const head = await readParked(redis, 1, 'inbox', c)
  assert.equal(await unpark(steering, head!, { do: 'retry' }), 'ready')

  assert.deepEqual(await claim('p1', {}, bound), [])

  assert.equal((await check()).inbox.get(c), 'parked')
})

test('what parked for a reason of its own does not go on with its replies', async t => {
  const { redis, steering, writer, claim, settle, check } = await setUp(t)
  await writer.deliver(update(c, 2))
  const [held] = await claim('p1', {}, bound)
  await settle('p1', held!, { do: 'park', reason: 'Y' })
  const head = await readParked(redis, 1, 'outbox', c)

  await unpark(steering, head!, { do: 'retry' })

  assert.equal((await check()).inbox.get(c), 'parked')
  assert.deepEqual(await reasons(redis), ['inbox Y'])
})

test('their bytes are bounded, too', async t => {
  const { writer, claim, settle, check } = await setUp(t)
  for (let n = 2; n <= 3; n++) await writer.deliver(update(c, n))
  const tight: [number, number] = [100, 60]
  const [held] = await claim('p1', {}, tight)
  const reply = replyOf('as long as two')
  const { status } = await settle('p1', held!, { do: 'ack', replies: [reply] }, {}, tight)

  assert.equal(status, 'released')
  assert.deepEqual(await claim('p1', {}, tight), [])
  assert.equal((await check()).inbox.get(c), 'parked')
})

/** Most replies, and bytes of them, behind parked ones. */
const bound: [replies: number, bytes: number] = [3, 1e6]

const reasons = async (redis: Parameters<typeof listParked>[0]) =>
  (await listParked(redis, 1, { bot: 'bot', limit: 10 })).map(({ box, reason }) => `${box} ${reason}`).sort()

/** A conversation whose outbox is parked at the reply to its first update. */
async function setUp(t: TestContext) {
  const all = await rig(t)
  await all.beat('p1')
  const ack = { do: 'ack', replies: [replyOf('a')] } as const
  const answer = async (held: Parameters<typeof all.settle>[1]) =>
    (await all.settle('p1', held, ack, {}, bound)).status
  await all.writer.deliver(update(c, 1))
  const [held] = await all.claim('p1')
  await answer(held!)
  const [sending] = await all.claim('p1', { box: 'outbox' })
  await all.settle('p1', sending!, { do: 'park', reason: 'X' }, { box: 'outbox' })
  return {
    ...all,
    answer,
    /** Answers three updates of it, with which the bound is passed. */
    async fill() {
      const [held] = await all.claim('p1', { free: 1 }, bound)
      const [fence, , accepted] = held!.hold.split(':')
      const statuses = []
      for (let position = 0; position < 3; position++)
        statuses.push(await answer({ conversation: c, hold: `${fence}:${position}:${accepted}` }))
      return statuses
    },
  }
}
