import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLatch } from '@botyard/testkit'
import { startDeadLetterMover } from '../../src/index.ts'
import { numberOf, rig, update } from '../rig.ts'

const c = 'bot/conversation' as const
const mail = `{p0}:mb:inbox:m:${c}`
const quarantine = '{p0}:quarantine'

for (const size of [0, 5, 20]) {
  test(`an entry of ${size} bytes is none: it goes to the quarantine, and what is behind it goes on`, async t => {
    const { writer, worker, redis, check } = await rig(t)
    const handled: number[] = []
    const done = createLatch()
    for (const n of [1, 2, 3]) await writer.deliver(update(c, n))
    await redis.lset(mail, 1, Buffer.alloc(size, 255))
    await writer.deliver(update('bot/broken', 1))
    await redis.lset('{p0}:mb:inbox:m:bot/broken', 0, Buffer.alloc(size, 255))

    await worker(
      async one => {
        handled.push(numberOf(one))
        return { do: 'ack' }
      },
      { onSettled: (one, disposition) => disposition.do === 'ack' && numberOf(one) === 3 && done.open() },
    )
    await done.wait()
    while ((await redis.llen(quarantine)) < 2) await redis.ping()

    assert.deepEqual(handled, [1, 3])
    const lines = await redis.lrange(quarantine, '0', '-1')
    assert.deepEqual(lines.map(line => line.split('\n')[0]).sort(), ['inbox bot/broken', `inbox ${c}`])
    assert.equal((await check({ roughBytes: true })).inbox.size, 0)
  })
}

test('a claim never leaves a head that is no entry in no place', async t => {
  const { writer, beat, claim, redis, check, die } = await rig(t)
  await beat('p1')
  await beat('p2')
  await writer.deliver(update(c, 1))
  await redis.lset(mail, 0, 'x')

  assert.equal((await claim('p1')).length, 1)
  await check({ roughBytes: true })
  await die('p1')
  await check({ roughBytes: true })
  assert.equal((await claim('p2'))[0]!.crashes, 1)
})

test('a record that cannot be read goes to the quarantine, and those behind it are moved', async t => {
  const { redis } = await rig(t)
  await redis.rpush('{p0}:dead', 'a', 'unreadable', 'b')
  const stored: string[] = []
  const troubles: unknown[] = []
  const done = createLatch()

  const mover = startDeadLetterMover({
    redis,
    partitions: 1,
    process: 'p1',
    intervalMs: 5,
    async store(records) {
      const readable = records.filter(record => String(record) !== 'unreadable')
      stored.push(...readable.map(String))
      return records.filter(record => !readable.includes(record))
    },
    onTrouble: trouble => {
      troubles.push(trouble)
      done.open()
    },
  })
  await done.wait()
  await mover.close()

  assert.deepEqual(stored, ['a', 'b'])
  assert.equal(troubles.length, 1)
  assert.deepEqual(await redis.lrange(quarantine, '0', '-1'), ['unreadable'])
  assert.equal(await redis.exists('{p0}:dead'), 0)
})
