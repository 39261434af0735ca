import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rig, update } from '../rig.ts'

const c = 'bot/conversation' as const

test('a redelivered update is a duplicate, also after it was settled', async t => {
  const { writer, beat, claim, settle, check } = await rig(t)
  await beat('p1')

  assert.equal(await writer.deliver(update(c, 1)), 'accepted')
  assert.equal(await writer.deliver(update(c, 1)), 'duplicate')
  const [held] = await claim('p1')
  await settle('p1', held!)

  assert.equal(await writer.deliver(update(c, 1)), 'duplicate')
  assert.equal((await check()).inbox.size, 0)
})

test('ids are remembered for the whole window and at most twice as long, however many there are', async t => {
  const { writer, redis } = await rig(t)
  const many = Array.from({ length: 5_000 }, (_, n) => update(`bot/chat-${n % 50}`, n, { windowMs: 60_000 }))

  await Promise.all(many.map(one => writer.deliver(one)))
  const again = await Promise.all(many.map(one => writer.deliver(one)))

  assert.ok(again.every(outcome => outcome === 'duplicate'))
  const buckets = (await redis.keys('*seen:bot*')).filter(key => key !== '{p0}:seen:bot')
  const left = await Promise.all(buckets.map(key => redis.pttl(key)))
  assert.ok(left.every(ms => ms > 60_000 && ms <= 120_000))
})

test('seen ids of a busy bot cost at most 16 bytes each', async t => {
  const { writer, redis } = await rig(t)
  const total = 60_000
  for (let from = 0; from < total; from += 5_000) {
    await Promise.all(Array.from({ length: 5_000 }, (_, i) => writer.deliver(update('bot/one', from + i))))
  }

  const keys = await redis.keys('*seen:bot*')
  const bytes = await Promise.all(keys.map(key => redis.memory('USAGE', key)))

  const perId = bytes.reduce<number>((sum, n) => sum + (n ?? 0), 0) / total
  t.diagnostic(`${perId.toFixed(1)} bytes an id`)
  assert.ok(perId <= 16, `${perId} bytes an id`)
})
