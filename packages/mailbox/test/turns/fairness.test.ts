import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createLatch } from '@botyard/testkit'
import { numberOf, rig, update } from '../rig.ts'

test('a claim takes from many bots in turn, and in each bot who came first', async t => {
  const { fill, claim, check } = await setUp(t)
  await fill('loud', 100)
  for (const bot of ['b', 'c', 'd']) await fill(bot, 4)

  const claimed = await claim('p1', { free: 12 })
  await check()
  const rest = await claim('p1', { free: 4 })

  assert.deepEqual(perBot(claimed), { loud: [0, 1, 2], b: [0, 1, 2], c: [0, 1, 2], d: [0, 1, 2] })
  assert.deepEqual(perBot(rest), { loud: [3], b: [3], c: [3], d: [3] })
})

test('the places that some bots leave are taken by those that have more', async t => {
  const { fill, claim } = await setUp(t)
  await fill('loud', 100)
  for (const bot of ['b', 'c', 'd']) await fill(bot, 1)

  const claimed = await claim('p1', { free: 12 })

  assert.deepEqual(perBot(claimed), { loud: [0, 1, 2, 3, 4, 5, 6, 7, 8], b: [0], c: [0], d: [0] })
})

test('one place at a time goes to one bot after the other, however long a line is', async t => {
  const { fill, claim, check } = await setUp(t)
  await fill('loud', 50)
  await fill('quiet', 3)
  await fill('calm', 2)

  const bots: string[] = []
  for (let n = 0; n < 8; n++)
    bots.push(...(await claim('p1', { free: 1 })).map(one => one.conversation.split('/')[0]!))
  await check()

  assert.deepEqual(bots.slice(0, 6).sort(), ['calm', 'calm', 'loud', 'loud', 'quiet', 'quiet'])
  assert.deepEqual(bots.slice(6), ['loud', 'quiet'])
})

test("a newcomer's single conversation waits for one turn of the others, not for their lines", async t => {
  const { fill, claim } = await setUp(t)
  for (const bot of ['a', 'b', 'c']) await fill(bot, 1_000)
  for (let n = 0; n < 20; n++) await claim('p1', { free: 3 })
  await fill('quiet', 1)

  const bots = perBot(await claim('p1', { free: 4 }))

  assert.deepEqual(bots.quiet, [0])
})

test('kept places are for bots that hold none: not for a busy bot, nor for one that gets a place just now', async t => {
  const { fill, claim, check } = await setUp(t)
  await fill('busy', 10)
  await fill('other', 10)
  await fill('third', 10)

  const kept = await claim('p1', { free: 4, keep: 4, busy: ['busy'] })
  const mixed = await claim('p1', { free: 5, keep: 2, busy: ['busy', 'other', 'third'] })
  await fill('fourth', 10)
  const general = await claim('p1', { free: 8, keep: 2, busy: ['busy', 'other', 'third'] })
  await check()

  assert.deepEqual(perBot(kept), { other: [0], third: [0] })
  assert.deepEqual(Object.values(perBot(mixed)).flat().length, 3)
  // All got some of the general places, so that nobody may have a kept one.
  assert.equal(general.length, 6)
  assert.equal(perBot(general).fourth?.[0], 0)
})

test('broadcasts run after everything else of their bot, and in their order', async t => {
  const { claim, writerTo, check } = await setUp(t)
  const bulk = writerTo('outbox', true)
  const plain = writerTo('outbox')
  for (let n = 0; n < 4; n++) await bulk.deliver(update(`bot/bulk-${n}`, n))
  for (let n = 10; n < 14; n++) await plain.deliver(update(`bot/reply-${n}`, n))
  await check()

  const claimed = await claim('p1', { box: 'outbox', free: 6 })
  await check()
  const rest = await claim('p1', { box: 'outbox', free: 6 })

  assert.deepEqual(
    [...claimed, ...rest].map(({ number }) => number),
    [10, 11, 12, 13, 0, 1, 2, 3],
  )
})

test('a bot whose handlers are slow and whose line is long does not delay the single conversation of another', async t => {
  const { writer, quiet, slow } = await setUpSlowBot(t)

  await writer.deliver(update('quiet/0', 0))
  await quiet[0]!.wait()

  assert.equal(slow(), 19)
})

test('a kept place that a bot gave back is kept again, and not for the line of another bot', async t => {
  const { writer, quiet, overfull, slow } = await setUpSlowBot(t)

  for (const [n, settled] of quiet.entries()) {
    await writer.deliver(update(`quiet/${n}`, n))
    await Promise.race([settled.wait(), overfull.wait()])
  }

  assert.equal(slow(), 19)
})

test('a long conversation is released after its quota, so that others get a turn', async t => {
  const { writer, worker } = await setUp(t)
  const order: string[] = []
  const done = createLatch()
  for (let n = 1; n <= 6; n++) for (const name of ['a', 'b']) await writer.deliver(update(`bot/${name}`, n))

  await worker(
    async mail => {
      order.push(mail.conversation.slice(4) + numberOf(mail))
      if (order.length === 12) done.open()
      return { do: 'ack' }
    },
    { concurrency: 1, quota: { updates: 2, ms: 60_000 } },
  )
  await done.wait()

  assert.equal(order.join(' '), 'a1 a2 b1 b2 a3 a4 b3 b4 a5 a6 b5 b6')
})

async function setUp(t: TestContext) {
  const all = await rig(t)
  await all.beat('p1')
  return {
    ...all,
    /** Conversations of a bot with one update each, numbered. */
    async fill(bot: string, conversations: number) {
      const updates = Array.from({ length: conversations }, (_, n) => update(`${bot}/chat-${n}`, n))
      await Promise.all(updates.map(one => all.writer.deliver(one)))
    },
  }
}

/** A worker of 20 places, of which the slow conversations of one bot have all that are not kept. */
async function setUpSlowBot(t: TestContext) {
  const [go, full, overfull] = [createLatch(), createLatch(), createLatch()]
  // Before the worker closes, which waits for them.
  t.after(() => go.open())
  const { fill, writer, worker } = await setUp(t)
  /** The quiet bot's updates, by their numbers: opened when one is settled. */
  const quiet = [createLatch(), createLatch(), createLatch()]
  let slow = 0
  await fill('slow', 200)
  await worker(
    async mail => {
      if (mail.conversation.startsWith('slow')) {
        slow++
        if (slow === 19) full.open()
        if (slow > 19) overfull.open()
        await go.wait()
      }
      return { do: 'ack' }
    },
    {
      concurrency: 20,
      onSettled(mail) {
        if (mail.conversation.startsWith('quiet')) quiet[numberOf(mail)]!.open()
      },
    },
  )
  await full.wait()
  return { writer, quiet, overfull, slow: () => slow }
}

function perBot(claimed: readonly { conversation: string; number: number }[]): Record<string, number[]> {
  const numbers: Record<string, number[]> = {}
  for (const { conversation, number } of claimed) {
    const bot = conversation.split('/')[0]!
    numbers[bot] = [...(numbers[bot] ?? []), number]
  }
  return numbers
}
