import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createChatSequence } from '../../src/bench/load/chat-sequence.ts'

const take = (count: number, next: () => number) => Array.from({ length: count }, next)

test('uniform traffic comes to every chat once before it comes to any again', () => {
  const next = createChatSequence('uniform', 20_000)

  assert.equal(new Set(take(20_000, next)).size, 20_000)
  assert.equal(new Set(take(20_000, next)).size, 20_000)
})

test('a burst is ten updates of one chat back to back', () => {
  const chats = take(30, createChatSequence('bursts', 20_000))

  assert.equal(new Set(chats.slice(0, 10)).size, 1)
  assert.equal(new Set(chats).size, 3)
})

test('skewed traffic gives the busiest of 20,000 chats its 9.5 %, the same in every run', () => {
  const chats = take(100_000, createChatSequence('zipf', 20_000))

  const busiest = chats.filter(chat => chat === 0).length / chats.length
  assert.ok(Math.abs(busiest - 0.0954) < 0.004, `the busiest got ${busiest}`)
  assert.ok(chats.every(chat => chat >= 0 && chat < 20_000))
  assert.deepEqual(take(1000, createChatSequence('zipf', 20_000)), chats.slice(0, 1000))
})
