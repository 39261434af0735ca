import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { ConversationKey } from '@botyard/queue-contracts'
import type { Settlement } from '../../src/turns/settlement.ts'
import { rig, type TestClaim, update } from '../rig.ts'

const budget = 1024 * 1024
const large = 500_000

test('a settle of 100 conversations whose next heads are large answers and looks at no more than its bytes', async t => {
  const { settleAll, check } = await setUp(t, 100)

  const { settled } = await settleAll(16)

  const answered = settled.flatMap(({ entries }) => entries).reduce((sum, { length }) => sum + length, 0)
  assert.ok(answered <= budget + large + 100, `${answered} bytes`)
  const statuses = settled.map(({ status }) => status)
  assert.deepEqual(new Set(statuses), new Set(['held', 'released']))
  assert.equal(statuses.filter(status => status === 'held').length, 3)
  await check()
})

test('what is looked at only to go on counts, too', async t => {
  const { settleAll, check } = await setUp(t, 100)

  const { settled } = await settleAll(0)

  const statuses = settled.map(({ status }) => status)
  assert.equal(statuses.filter(status => status === 'held').length, 3)
  await check()
})

test('a turn that settled all its bytes claims nothing, and says that there is more at once', async t => {
  const { settleAll, check } = await setUp(t, 10)

  const { claim } = await settleAll(16, { free: 4, maxBytes: budget })

  assert.deepEqual([claim!.claimed, claim!.left, claim!.dueInMs], [[], 1, 0])
  await check()
})

test('a claim of large heads takes what the bytes allow, and leaves the rest in its order', async t => {
  const { claim, check, beat } = await setUp(t, 20, false)
  await beat('p2')

  const first = await claim('p1', { free: 20, maxBytes: budget })
  await check()
  const second = await claim('p2', { free: 20, maxBytes: budget })

  assert.deepEqual(
    [...first, ...second].map(({ conversation }) => conversation),
    [0, 1, 2, 3, 4, 5].map(n => `bot/chat-${n}`),
  )
})

/** Conversations that are held and whose next entries are large, or that are ready and whose heads are. */
async function setUp(t: TestContext, conversations: number, claimed = true) {
  const all = await rig(t)
  await all.beat('p1')
  const names = Array.from({ length: conversations }, (_, n): ConversationKey => `bot/chat-${n}`)
  const body = Buffer.alloc(large)
  const firstBody = claimed ? Buffer.from('1') : body
  for (const name of names) await all.writer.deliver(update(name, 1, { body: firstBody }))
  const held = claimed ? await all.claim('p1', { free: conversations }) : []
  for (const name of names) if (claimed) await all.writer.deliver(update(name, 2, { body }))
  return {
    ...all,
    /** Settles everything in one turn. */
    settleAll(wanted: number, asked: TestClaim = { box: 'outbox', free: 0, maxBytes: budget }) {
      const settlements = held.map(
        ({ conversation, hold }): Settlement => ({
          ...{
            box: 'inbox',
            conversation,
            hold,
            bytes: 29,
            keep: true,
            wanted,
            troubled: false,
            grant: false,
          },
          disposition: { do: 'ack' },
        }),
      )
      return all.turn('p1', settlements, asked)
    },
  }
}
