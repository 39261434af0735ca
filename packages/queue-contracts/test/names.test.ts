import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { botOf, type ConversationKey, conversationKey, queueShardOf } from '../src/index.ts'

const conversation = (n: number): ConversationKey =>
  conversationKey('echo', createHash('sha256').update(String(n)).digest('base64url').slice(0, 22))

test('a conversation stays in its queue shard for ever', () => {
  // Computed by another implementation of 32-bit FNV-1a. If one of these changes, a running deployment loses
  // its order.
  assert.equal(queueShardOf('a/b', 4096), 1473)
  assert.equal(queueShardOf('echo/AAAAAAAAAAAAAAAAAAAAAA', 4096), 3111)
  assert.equal(queueShardOf('support-bot/9_Zz-0123456789abcdefg', 4096), 753)
})

test('one shard takes everything', () => {
  assert.equal(queueShardOf('a/b', 1), 0)
})

test('conversations of one bot spread evenly over the shards', () => {
  for (const shards of [2, 3, 7, 16]) {
    const counts = new Array<number>(shards).fill(0)
    for (let n = 0; n < 16_000; n++) counts[queueShardOf(conversation(n), shards)]!++

    const share = 16_000 / shards
    for (const count of counts) assert.ok(Math.abs(count - share) < share * 0.2, `${counts}`)
  }
})

test('the bot of a conversation is read from its name', () => {
  assert.equal(botOf(conversationKey('support-bot', 'x_-')), 'support-bot')
})
