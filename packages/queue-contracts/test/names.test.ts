import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { botOf, type ConversationKey, conversationKey, partitionOf } from '../src/index.ts'

const conversation = (n: number): ConversationKey =>
  conversationKey('echo', createHash('sha256').update(String(n)).digest('base64url').slice(0, 22))

test('a conversation stays in its partition for ever', () => {
  // Computed by another implementation of 32-bit FNV-1a. If one of these changes, a running deployment loses
  // its order.
  assert.equal(partitionOf('a/b', 4096), 1473)
  assert.equal(partitionOf('echo/AAAAAAAAAAAAAAAAAAAAAA', 4096), 3111)
  assert.equal(partitionOf('support-bot/9_Zz-0123456789abcdefg', 4096), 753)
})

test('one partition takes everything', () => {
  assert.equal(partitionOf('a/b', 1), 0)
})

test('conversations of one bot spread evenly over the partitions', () => {
  for (const partitions of [2, 3, 7, 16]) {
    const counts = new Array<number>(partitions).fill(0)
    for (let n = 0; n < 16_000; n++) counts[partitionOf(conversation(n), partitions)]!++

    const share = 16_000 / partitions
    for (const count of counts) assert.ok(Math.abs(count - share) < share * 0.2, `${counts}`)
  }
})

test('the bot of a conversation is read from its name', () => {
  assert.equal(botOf(conversationKey('support-bot', 'x_-')), 'support-bot')
})
