import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partitionTag } from '@botyard/queue-contracts'
import { createLatch } from '@botyard/testkit'
import { heartbeatKey } from '../../src/redis/keys.ts'
import { lookAtGroups } from '../../src/wake/look-at-groups.ts'
import { numberOf, rig, update } from '../rig.ts'

const lookout = '{p0}:mb:inbox:lookout'
const lookoutMs = 1000

test('while a process looks by itself mail asks for no token, and afterwards it does', async t => {
  const { writer, tokens, redis, beat, turn } = await rig(t)
  await beat('p1')
  await writer.deliver(update('bot/first', 1))
  const { claim } = await turn('p1', [], { token: true, lookoutMs })
  const before = await tokens.waiting(0, 'inbox')
  assert.equal(claim!.lookoutMs, lookoutMs)

  await writer.deliver(update('bot/second', 2))
  assert.equal(await tokens.waiting(0, 'inbox'), before)
  const [under] = await lookAtGroups(redis, 0, 'inbox')
  assert.deepEqual([under!.hasWork, under!.ageMs], [true, 0])

  await redis.set(lookout, Date.now() - 5000)
  const [after] = await lookAtGroups(redis, 0, 'inbox')
  assert.ok(after!.ageMs! >= 5000)
  await writer.deliver(update('bot/third', 3))
  assert.equal(await tokens.waiting(0, 'inbox'), before + 1)
})

test('a claim that takes nothing promises nothing, one that leaves no place ends every promise', async t => {
  const { writer, tokens, redis, beat, turn } = await rig(t)
  await beat('p1')
  await beat('p2')
  const idle = await turn('p1', [], { lookoutMs })
  assert.equal(idle.claim!.lookoutMs, 0)
  assert.equal(await redis.exists(lookout), 0)
  for (const n of [1, 2]) await writer.deliver(update(`bot/chat-${n}`, n))
  await turn('p1', [], { token: true, lookoutMs })
  for (const n of [3, 4]) await writer.deliver(update(`bot/chat-${n}`, n))
  const before = await tokens.waiting(0, 'inbox')

  const full = await turn('p2', [], { free: 1, lookoutMs })

  assert.equal(full.claim!.lookoutMs, -1)
  assert.equal(await redis.exists(lookout), 0)
  // What it left is for somebody else.
  assert.deepEqual(full.claim!.addTokens, ['-'])
  assert.equal(await tokens.waiting(0, 'inbox'), before)
})

test('a process whose beats ran out has somebody else told', async t => {
  const { writer, redis, beat, turn, claim } = await rig(t)
  await beat('p1')
  await writer.deliver(update('bot/first', 1))
  await claim('p1', { token: true, lookoutMs })
  await writer.deliver(update('bot/second', 2))
  await redis.del(heartbeatKey(0, 'p1'), lookout)

  const late = await turn('p1', [], { lookoutMs })

  assert.deepEqual([late.claim!.claimed, late.claim!.addTokens], [[], ['-']])
})

test('a turn that has no bytes left to claim, and no place, has somebody else told', async t => {
  const { writer, beat, turn, claim } = await rig(t)
  await beat('p1')
  await writer.deliver(update('bot/first', 1))
  await claim('p1', { token: true, lookoutMs })
  await writer.deliver(update('bot/second', 2))

  const { claim: full } = await turn('p1', [], { free: 0, maxBytes: 0, lookoutMs })

  assert.deepEqual([full!.left, full!.addTokens], [1, ['-']])
})

test('a promise of before the clock was set back counts for nothing', async t => {
  const { writer, tokens, redis } = await rig(t)
  await redis.set(lookout, Date.now() + 600_000)

  await writer.deliver(update('bot/chat', 1))

  assert.equal(await tokens.waiting(0, 'inbox'), 1)
})

test('who leaves hears which groups need a token at once, and mail asks for one from then on', async t => {
  const { writer, tokens, redis, beat, claim } = await rig(t)
  await beat('p1')
  await writer.deliver(update('bot/first', 1))
  await claim('p1', { token: true, lookoutMs })
  const leave = () => redis.mailboxLook(partitionTag(0), 'inbox', 'leave', '-', 'other')
  assert.deepEqual(await leave(), [])
  const before = await tokens.waiting(0, 'inbox')
  await writer.deliver(update('bot/second', 2))
  assert.equal(await tokens.waiting(0, 'inbox'), before + 1)

  await claim('p1', { token: true, lookoutMs })
  await writer.deliver(update('bot/third', 3))
  assert.deepEqual(await leave(), ['-'])
})

test('what became ready under the promise of a process that died is found by the sweeper of another', async t => {
  const { writer, tokens, redis, worker, check } = await rig(t)
  const handled = createLatch<number>()
  const { turns } = await worker(
    async mail => {
      handled.open(numberOf(mail))
      return { do: 'ack' }
    },
    { sweep: true },
  )
  // Its first look follows the first answer, and is over with the second.
  await turns.answered()
  await turns.answered()
  await redis.set(lookout, Date.now() + 900)

  await writer.deliver(update('bot/chat', 7))
  assert.equal(await tokens.waiting(0, 'inbox'), 0)

  assert.equal(await handled.wait(), 7)
  await check()
})
