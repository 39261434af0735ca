import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConversationKey } from '@botyard/queue-contracts'
import { Ledger } from '../../src/prove/chaos/ledger.ts'
import { isPoison, repliesOf } from '../../src/prove/chaos/protocol.ts'

const conversation: ConversationKey = 'flood/chat'
const updates = Array.from({ length: 300 }, (_, i) => ({ conversation, n: i + 1 }))
const answered = updates.filter(update => !isPoison(update) && repliesOf(update) > 0)

test('what gets no reply is not open: a flood may begin again', () => {
  const ledger = new Ledger()
  for (const update of updates) ledger.accept(update)
  assert.equal(ledger.openCount, answered.length)
  assert.ok(answered.length < updates.length)

  for (const update of answered) ledger.send({ ...update, reply: 0, interrupted: false })

  assert.equal(ledger.openCount, 0)
})

test('what was answered before its delivery was accepted is not open', () => {
  const ledger = new Ledger()
  const update = answered[0]!
  ledger.send({ ...update, reply: 0, interrupted: false })

  ledger.accept(update)

  assert.equal(ledger.openCount, 0)
  assert.equal(ledger.acceptedCount, 1)
})
