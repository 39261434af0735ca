import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rig, update } from '../rig.ts'

const c = 'bot/conversation' as const

test('an update does not overtake the refused one before it, though there is room again', async t => {
  const { writer, beat, claim, settle, check } = await rig(t)
  const small = { maxBacklog: { updates: 1 } }
  const second = update(c, 2, small)
  const third = update(c, 3, { ...small, after: second.update })
  await beat('p1')
  await writer.deliver(update(c, 1, small))
  assert.equal(await writer.deliver(second), 'backlog-full')
  const [held] = await claim('p1')
  await settle('p1', held!)

  assert.equal(await writer.deliver(third), 'backlog-full')
  assert.equal(await writer.deliver(update('bot/another', 1, small)), 'accepted')
  const [another] = await claim('p1')
  await settle('p1', another!)
  assert.equal(await writer.deliver(second), 'accepted')
  const [first] = await claim('p1')
  assert.equal(first!.number, 2)
  await settle('p1', first!)
  assert.equal(await writer.deliver(third), 'accepted')
  // Stored, it is answered so, whatever comes of the one before it.
  const stranger = { after: update(c, 99).update }
  assert.equal(await writer.deliver(update(c, 3, { ...small, ...stranger })), 'duplicate')
  await check()
})

test('updates that follow one another are stored in one batch', async t => {
  const { writer, beat, claim } = await rig(t)
  await beat('p1')
  const updates = [1, 2, 3].map(n => update(c, n, n > 1 ? { after: update(c, n - 1).update } : {}))

  const outcomes = await Promise.all(updates.map(one => writer.deliver(one)))

  assert.deepEqual(outcomes, ['accepted', 'accepted', 'accepted'])
  assert.equal((await claim('p1'))[0]!.number, 1)
})

test('one update is refused for its bot, and all that follow it in the batch', async t => {
  const { writer } = await rig(t)
  const small = { maxBacklog: { updates: 2 } }
  const updates = [1, 2, 3, 4].map(n =>
    update(c, n, n > 1 ? { ...small, after: update(c, n - 1).update } : small),
  )

  const outcomes = await Promise.all(updates.map(one => writer.deliver(one)))

  assert.deepEqual(outcomes, ['accepted', 'accepted', 'backlog-full', 'backlog-full'])
})
