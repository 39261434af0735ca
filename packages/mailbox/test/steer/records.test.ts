import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLatch } from '@botyard/testkit'
import type { Redis } from 'ioredis'
import { startDeadLetterMover } from '../../src/index.ts'
import { deadLettersKey } from '../../src/redis/keys.ts'
import { numberOf, rig, update } from '../rig.ts'

const c = 'bot/conversation' as const

test('a record leaves with its entry in one script, in order, and the conversation goes on', async t => {
  const { writer, worker, redis, mailbox } = await rig(t)
  const all = createLatch<undefined>()
  const statuses: string[] = []
  for (const n of [1, 2, 3]) await writer.deliver(update(c, n))

  await worker(
    async mail => {
      const n = numberOf(mail)
      return n === 2 ? { do: 'ack' } : { do: 'record', record: Buffer.from(`record of ${n}`) }
    },
    {
      onSettled: (mail, _disposition, status) => {
        statuses.push(status)
        if (numberOf(mail) === 3) all.open(undefined)
      },
    },
  )
  await all.wait()

  assert.deepEqual(statuses, ['held', 'held', 'empty'])
  assert.deepEqual(await mailbox(c), [])
  assert.deepEqual(await redis.lrange(deadLettersKey(0), 0, -1), ['record of 1', 'record of 3'])
})

test('the mover hands records on, and removes them only when they are stored', async t => {
  const { redis } = await rig(t)
  await redis.rpush(deadLettersKey(0), ...Array.from({ length: 150 }, (_, n) => `record of ${n}`))
  const stored = new Set<string>()
  const all = createLatch<undefined>()
  let refusals = 0

  const mover = startMover(redis, async records => {
    if (refusals++ === 0) throw new Error('the control database is away')
    for (const record of records) stored.add(String(record))
    if (stored.size === 150) all.open(undefined)
  })
  t.after(() => mover.close())
  await all.wait()
  await mover.close()

  assert.equal(stored.size, 150)
  assert.equal(await redis.llen(deadLettersKey(0)), 0)
})

test('what comes while a page is stored waits for the next time: a flood is stored in pages, not one by one', async t => {
  const { redis } = await rig(t)
  const push = (...names: string[]) => redis.rpush(deadLettersKey(0), ...names)
  await push('a', 'b', 'c')
  const pages: number[] = []
  const stored = createLatch()

  const mover = startMover(redis, async records => {
    pages.push(records.length)
    await push('another')
    stored.open()
  })
  await stored.wait()
  await mover.close()

  assert.deepEqual(pages, [3])
  assert.deepEqual(await redis.lrange(deadLettersKey(0), 0, -1), ['another'])
})

function startMover(redis: Redis, store: (records: Buffer[]) => Promise<unknown>) {
  const stored = async (records: Buffer[]) => ((await store(records)) ?? []) as Buffer[]
  return startDeadLetterMover({ redis, partitions: 1, process: 'p1', intervalMs: 5, store: stored })
}
