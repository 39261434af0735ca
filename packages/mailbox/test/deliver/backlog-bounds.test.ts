import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBacklog } from '../../src/index.ts'
import { rig, update } from '../rig.ts'

const c = 'bot/conversation' as const

test('a bot beyond its backlog is refused, the others and its duplicates are not', async t => {
  const { writer, check } = await rig(t)
  const small = { maxBacklog: { updates: 2 } }
  await writer.deliver(update('bot/a', 1, small))
  await writer.deliver(update('bot/a', 2, small))

  assert.equal(await writer.deliver(update('bot/a', 3, small)), 'backlog-full')
  assert.equal(await writer.deliver(update('bot/a', 2, small)), 'duplicate')
  assert.equal(await writer.deliver(update('other/a', 1, small)), 'accepted')
  await check()
})

test('a bot beyond its bytes is refused', async t => {
  const { writer } = await rig(t)
  const small = { maxBacklog: { bytes: 1_000 }, body: Buffer.alloc(600) }

  assert.equal(await writer.deliver(update('bot/a', 1, small)), 'accepted')
  assert.equal(await writer.deliver(update('bot/a', 2, small)), 'accepted')
  assert.equal(await writer.deliver(update('bot/a', 3, small)), 'backlog-full')
})

test('a refused update was not remembered: it is accepted when there is room again', async t => {
  const { writer, beat, claim, settle } = await rig(t)
  const small = { maxBacklog: { updates: 1 } }
  await beat('p1')
  await writer.deliver(update(c, 1, small))
  assert.equal(await writer.deliver(update(c, 2, small)), 'backlog-full')
  const [held] = await claim('p1')
  await settle('p1', held!)

  assert.equal(await writer.deliver(update(c, 2, small)), 'accepted')
})

test('the backlog tells per bot what waits, and since when what is ready or held waits', async t => {
  const { redis, writer, beat, claim } = await rig(t)
  const start = Date.now()
  await beat('p1')
  const now = t.mock.method(Date, 'now').mock
  for (const [n, name] of (['a/held', 'a/ready', 'b/ready', 'b/later'] as const).entries()) {
    now.mockImplementation(() => start - 500 + n)
    await writer.deliver(update(name, 1))
    if (n === 0) await claim('p1')
  }
  t.mock.reset()

  const { inbox, outbox } = await readBacklog(redis, 1)

  assert.deepEqual(Object.fromEntries(inbox.updates), { a: 2, b: 2 })
  assert.deepEqual(Object.fromEntries(inbox.oldestAtMs), { a: start - 500, b: start - 498 })
  assert.equal(inbox.oldestPendingAtMs, start - 500)
  assert.equal(outbox.oldestPendingAtMs, undefined)
})
