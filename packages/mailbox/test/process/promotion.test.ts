import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { type ConversationKey, partitionTag } from '@botyard/queue-contracts'
import { readParked, unpark } from '../../src/index.ts'
import { rig, update } from '../rig.ts'

const c = 'bot/promotion' as ConversationKey
const partition = partitionTag(0)
const outbox = { box: 'outbox' } as const

test('each reply that is older than another primary may have been sent by the one that was lost', async t => {
  const { writer, claim, settle, check, promote } = await setUp(t)
  for (const n of [1, 2]) await writer.deliver(update(c, n))
  await promote()
  await writer.deliver(update(c, 3))
  const first = await claim('p1', outbox)
  const released = await settle('p1', first[0]!, { do: 'ack' }, { ...outbox, troubled: true })
  await check()

  const second = await claim('p1', outbox)
  const held = await settle('p1', second[0]!, { do: 'ack' }, { ...outbox, troubled: true })
  await check()

  const seen = [...first, ...second].map(({ number, interrupted }) => [number, interrupted])
  assert.deepEqual(seen, [
    [1, true],
    [2, true],
  ])
  assert.equal(released.status, 'released')
  // The third one is younger.
  assert.deepEqual([held.status, held.numbers], ['held', [3]])
})

test('who held a conversation before and after a promotion goes on with it: it knows what it sent', async t => {
  const { writer, claim, settle, check, promote } = await setUp(t)
  for (const n of [1, 2]) await writer.deliver(update(c, n))
  const [held] = await claim('p1', outbox)

  await promote()

  const settled = await settle('p1', held!, { do: 'ack' }, outbox)
  assert.deepEqual([settled.status, settled.numbers], ['held', [2]])
  await check()
})

test('a reply that an operator sends again after a promotion does not park once more', async t => {
  const { writer, claim, settle, check, promote, redis, steering } = await setUp(t)
  await writer.deliver(update(c, 1))
  await promote()
  const [held] = await claim('p1', outbox)
  await settle('p1', held!, { do: 'park', reason: 'interrupted' }, { ...outbox, troubled: true })
  const head = await readParked(redis, 1, 'outbox', c)

  assert.equal(await unpark(steering, head!, { do: 'retry' }), 'ready')

  await check()
  const [again] = await claim('p1', outbox)
  assert.deepEqual([again!.number, again!.interrupted], [1, false])
})

async function setUp(t: TestContext) {
  const all = await rig(t)
  const beat = (runId: string) => all.redis.mailboxBeat(partition, 'p1', 60_000, 0, runId, 1, 0, 0)
  await all.redis.mailboxBeat(partition, 'p1', 60_000, 0, 'first', 0, 0, 0)
  return {
    ...all,
    writer: all.writerTo('outbox'),
    /** Another Redis is the primary, a while after all that was done until now. */
    async promote() {
      const now = async () => (await all.redis.time()).map(Number) as [number, number]
      const [second, micros] = await now()
      const ms = second * 1000 + Math.floor(micros / 1000)
      for (let [s, us] = await now(); s * 1000 + Math.floor(us / 1000) <= ms; [s, us] = await now())
        await delay(1)
      await beat('promoted')
    },
  }
}
