import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rig, update } from '../rig.ts'

test("a user's excess is accepted and made due later, and does not touch other users", async t => {
  const { writer, beat, claim, check, redis } = await rig(t)
  await beat('p1')
  const limited = { user: 'flood', userLimit: { perSecond: 0.001, burst: 2 } }

  assert.equal(await writer.deliver(update('bot/a', 1, limited)), 'accepted')
  assert.equal(await writer.deliver(update('bot/b', 1, limited)), 'accepted')
  assert.equal(await writer.deliver(update('bot/c', 1, limited)), 'delayed')
  assert.equal(await writer.deliver(update('bot/d', 1, { ...limited, user: 'calm' })), 'accepted')

  assert.equal((await check()).inbox.get('bot/c'), 'delayed')
  assert.deepEqual(
    (await claim('p1')).map(({ conversation }) => conversation),
    ['bot/a', 'bot/b', 'bot/d'],
  )
  // A token for its time was added, too.
  assert.equal(await redis.zcard('{p0}:inbox:delayed'), 1)
})

test('an excess behind other mail of its conversation waits for its time at the head', async t => {
  const { writer, beat, claim, settle, check } = await rig(t)
  await beat('p1')
  const limited = { user: 'flood', userLimit: { perSecond: 0.001, burst: 1 } }
  await writer.deliver(update('bot/a', 1, limited))
  assert.equal(await writer.deliver(update('bot/a', 2, limited)), 'delayed')
  assert.equal((await check()).inbox.get('bot/a'), 'run')
  const [held] = await claim('p1')

  assert.equal((await settle('p1', held!)).status, 'delayed')
  assert.equal((await check()).inbox.get('bot/a'), 'delayed')
})

test("users pay their debt off: who has is forgotten, and the bot's debts do not outlive the last of them for long", async t => {
  const { writer, redis } = await rig(t)
  const slow = { userLimit: { perSecond: 0.001, burst: 2 } }
  const fast = { userLimit: { perSecond: 1_000_000, burst: 2 } }

  await Promise.all(
    [1, 2, 3].map(n => writer.deliver(update(`bot/chat-${n}`, n, { ...slow, user: `slow-${n % 2}` }))),
  )
  await writer.deliver(update('bot/a', 4, { ...fast, user: 'fast' }))
  const millisecond = async () => Math.floor(Number((await redis.time())[1]) / 1000)
  for (const now = await millisecond(); now === (await millisecond()); );
  await writer.deliver(update('bot/a', 5, { ...slow, user: 'slow-2' }))

  const debts = await redis.zrange('{p0}:debts:bot', '0', '-1', 'WITHSCORES')
  const thousandSeconds = Object.fromEntries(
    debts.flatMap((user, i) =>
      i % 2 ? [] : [[user, Math.round((Number(debts[i + 1]) / 1000 - Date.now()) / 1e6)]],
    ),
  )
  assert.deepEqual(thousandSeconds, { 'slow-0': 1, 'slow-1': 2, 'slow-2': 1 })
  const left = await redis.pttl('{p0}:debts:bot')
  assert.ok(left > 1_990_000 && left <= 2_011_000, `${left} ms`)
})
