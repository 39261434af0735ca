import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setImmediate as turnEnd } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { rig, update } from '../rig.ts'

const c = 'bot/conversation' as const

test('full batches do not wait for one another, four at the most, and all are stored in their order', async t => {
  const { redis, writer } = await rig(t)
  const scripts = recordBatches(t, redis)
  const outcomes: Promise<string>[] = []
  for (let call = 0; call < 6; call++) {
    for (let n = 0; n < 64; n++) outcomes.push(writer.deliver(update(c, call * 64 + n)))
    await Promise.resolve()
  }
  assert.deepEqual(scripts, [64, 64, 64, 64])
  assert.deepEqual(new Set(await Promise.all(outcomes)), new Set(['accepted']))
  assert.deepEqual(scripts, [64, 64, 64, 64, 128])
  const stored = await redis.lrangeBuffer(`{p0}:mb:inbox:m:${c}`, 0, -1)
  assert.deepEqual(
    stored.map(entry => Number(entry.subarray(28))),
    Array.from({ length: 6 * 64 }, (_, n) => n),
  )
})

test('what is left of the largest batch does not wait if it is a full one itself', async t => {
  const { redis, writer } = await rig(t)
  const scripts = recordBatches(t, redis)

  const outcomes = Array.from({ length: 800 }, (_, n) => writer.deliver(update(c, n)))
  await turnEnd()

  assert.deepEqual(scripts, [256, 256, 256])
  await Promise.all(outcomes)
  assert.deepEqual(scripts, [256, 256, 256, 32])
})

test('what is handed over in one go lies in one batch, also when it makes one more than full', async t => {
  const { redis, writer } = await rig(t)
  const deliver = t.mock.method(redis, 'mailboxDeliver')

  const outcomes = Array.from({ length: 70 }, (_, n) => writer.deliver(update(c, n)))
  await Promise.all(outcomes)

  assert.equal(deliver.mock.callCount(), 1)
})

test('less than a full batch waits for the script under way', async t => {
  const { redis, writer } = await rig(t)
  const deliver = t.mock.method(redis, 'mailboxDeliver')

  const first = writer.deliver(update(c, 1))
  await turnEnd()
  assert.equal(deliver.mock.callCount(), 1)
  const rest = Array.from({ length: 63 }, (_, n) => writer.deliver(update(c, 2 + n)))
  await turnEnd()
  assert.equal(deliver.mock.callCount(), 1)
  await Promise.all([first, ...rest])
  assert.equal(deliver.mock.callCount(), 2)
})

/** The size of each batch that is sent from now on. */
function recordBatches(t: TestContext, redis: Redis): number[] {
  const sizes: number[] = []
  const deliver = redis.mailboxDeliver.bind(redis)
  t.mock.method(redis, 'mailboxDeliver', (...args: Parameters<typeof deliver>) => {
    // The partition, five words and six about the bot come first, then four of each update.
    sizes.push((args.length - 12) / 4)
    return deliver(...args)
  })
  return sizes
}
