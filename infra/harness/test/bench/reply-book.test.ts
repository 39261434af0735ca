import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createReplyBook } from '../../src/bench/load/reply-book.ts'

test('a reply counts from the call, if it arrives while the book counts', () => {
  const book = createReplyBook()
  for (const update of [1, 2, 3, 4]) book.sent(update, 'ada', update * 10)

  book.arrived(1, 'ada', 11)
  book.beginToCount()
  book.arrived(2, 'ada', 50)
  book.arrived(3, 'ada', 130)
  book.stopCounting()
  book.arrived(4, 'ada', 900)

  const { count, p50Ms, p99Ms, maxMs, strays, missing } = book.sumUp()
  assert.deepEqual([count, p50Ms, p99Ms, maxMs, strays, missing], [2, 30, 100, 100, 0, 0])
})

test('a second reply, one into another chat and one to nothing are strays, and what was accepted goes on waiting', () => {
  const book = createReplyBook()
  book.beginToCount()
  for (const update of [1, 2]) book.sent(update, 'ada', 0)

  book.arrived(1, 'ada', 5)
  book.arrived(1, 'ada', 6)
  book.arrived(2, 'bob', 7)
  book.arrived(undefined, 'ada', 8)

  assert.equal(book.underWay, 1)
  const { count, strays, missing } = book.sumUp()
  assert.deepEqual([count, strays, missing], [1, 3, 1])
})

test('nobody waits for the reply to an update that was refused', () => {
  const book = createReplyBook()
  book.sent(1, 'ada', 0)

  book.refused(1)

  assert.equal(book.underWay, 0)
  assert.equal(book.sumUp().missing, 0)
})
