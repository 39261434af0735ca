import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replyOf, rig, update } from '../rig.ts'

// Lua hands no more than some 8,000 values to a command: a script that tries throws in the middle of what it
// writes.
const many = 9_000

test('a process with very many places takes what is ready in several claims, and nothing falls out of its place', async t => {
  const { writer, beat, turn, check } = await rig(t)
  await beat('p1')
  await Promise.all(Array.from({ length: many }, (_, n) => writer.deliver(update(`bot/chat-${n}`, n))))

  let taken = 0
  let more = true
  while (more) {
    const { claim } = await turn('p1', [], { free: many - taken })
    taken += claim!.claimed.length
    more = claim!.left > 0
  }

  assert.equal(taken, many)
  assert.deepEqual(new Set((await check()).inbox.values()), new Set(['hold p1']))
})

test('very many replies of one update are stored with it, and what is settled beside it is settled once', async t => {
  const { writer, beat, turn, claim, mailbox, check } = await rig(t)
  await beat('p1')
  for (const n of [1, 2]) await writer.deliver(update('bot/beside', n))
  await writer.deliver(update('bot/talkative', 1))
  const held = await claim('p1')
  const answers = [[replyOf('a')], Array.from({ length: many }, (_, n) => replyOf(String(n)))]

  const { settled } = await turn(
    'p1',
    held.map(({ conversation, hold }, i) => ({
      ...{
        box: 'inbox',
        conversation,
        hold,
        bytes: 29,
        keep: true,
        wanted: 1,
        troubled: false,
        grant: false,
      },
      disposition: { do: 'ack', replies: answers[i]! },
    })),
  )

  assert.deepEqual(
    settled.map(({ status }) => status),
    ['held', 'empty'],
  )
  assert.equal((await mailbox('bot/beside')).length, 1)
  assert.deepEqual(
    (await mailbox('bot/talkative', 'outbox')).map(entry => Number(entry.subarray(28))),
    Array.from({ length: many }, (_, n) => n),
  )
  await check()
})
