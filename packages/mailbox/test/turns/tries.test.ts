import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rig, update } from '../rig.ts'

const c = 'bot/conversation' as const

test('tries are counted when a handler fails, not when a process dies, and progress clears both', async t => {
  const { writer, beat, die, claim, settle } = await rig(t)
  await writer.deliver(update(c, 1))
  await writer.deliver(update(c, 2))
  await beat('p1')
  const [first] = await claim('p1')
  await settle('p1', first!, { do: 'retry', afterMs: 0, counts: true })
  const [second] = await claim('p1')
  await beat('p2')
  await die('p1')
  const [third] = await claim('p2')
  const next = await settle('p2', third!, { do: 'ack' }, { keep: false })
  const [fourth] = await claim('p2')

  assert.deepEqual([second!.tries, second!.crashes, second!.interrupted], [1, 0, false])
  assert.deepEqual([third!.tries, third!.crashes, third!.interrupted], [1, 1, true])
  assert.equal(next.status, 'released')
  assert.deepEqual([fourth!.number, fourth!.tries, fourth!.crashes, fourth!.interrupted], [2, 0, 0, false])
})

test('an attempt that does not count changes nothing but the time', async t => {
  const { writer, beat, claim, settle, check } = await rig(t)
  await writer.deliver(update(c, 1))
  await beat('p1')
  const [first] = await claim('p1')

  assert.equal((await settle('p1', first!, { do: 'retry', afterMs: 0, counts: false })).status, 'delayed')
  assert.equal((await check()).inbox.get(c), 'delayed')

  assert.equal((await claim('p1'))[0]!.troubled, false)
})

test('after two crashes a conversation is claimed alone, and only crashes alone count against it', async t => {
  const { writer, beat, die, claim, check, redis } = await rig(t)
  await writer.deliver(update(c, 1))
  await beat('witness')
  for (const process of ['p1', 'p2']) {
    await beat(process)
    await claim(process)
    await die(process)
  }
  await beat('p3')

  assert.deepEqual(await claim('p3', { suspect: false }), [])
  assert.equal((await check()).inbox.get(c), 'delayed')
  await redis.zadd('{p0}:mb:inbox:delayed', 1, c)
  const [alone] = await claim('p3')
  await die('p3')
  await beat('p4')
  const [after] = await claim('p4')

  assert.deepEqual([alone!.crashes, alone!.alone], [2, 0])
  assert.deepEqual([after!.crashes, after!.alone], [3, 1])
})

test('a process holds one suspect at a time', async t => {
  const { writer, beat, die, claim } = await rig(t)
  await beat('witness')
  for (let n = 0; n < 3; n++) await writer.deliver(update(`bot/chat-${n}`, n))
  for (const process of ['p1', 'p2']) {
    await beat(process)
    await claim(process)
    await die(process)
  }
  await beat('p3')

  assert.equal((await claim('p3')).length, 1)
})

test('what is given back or retried by a build that cannot read it parks in the end', async t => {
  const { writer, beat, claim, settle, check, redis } = await rig(t)
  await writer.deliver(update(c, 1))
  await beat('p1')
  const [first] = await claim('p1')

  const back = { do: 'back', afterMs: 0, parkAfterMs: 60_000 } as const
  assert.equal((await settle('p1', first!, back)).status, 'delayed')
  const [second] = await claim('p1')
  assert.equal((await settle('p1', second!, { ...back, parkAfterMs: 0 })).status, 'parked')

  assert.equal((await check()).inbox.get(c), 'parked')
  assert.match((await redis.hget('{p0}:mb:inbox:reasons', c))!, / unreadable$/)
})
