import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createReplyBook } from '../../src/bench/load/reply-book.ts'

const always = { fromMs: 0, toMs: Number.POSITIVE_INFINITY }

test('of a stream those count that arrived in the window, of a rate those that were sent in it, however late', () => {
  const book = createReplyBook()
  for (const [update, sentMs, arrivedMs] of [
    [1, 10, 20],
    [2, 30, 130],
    [3, 110, 150],
    [4, 190, 490],
    [5, 200, 210],
  ] as const) {
    book.sent(update, 'ada', sentMs)
    book.arrived(update, 'ada', arrivedMs)
  }
  const window = { fromMs: 100, toMs: 200 }

  const stream = book.sumUp(window, 'arrived')
  const rate = book.sumUp(window, 'sent')

  assert.deepEqual([stream.count, stream.p50Ms, stream.p99Ms, stream.maxMs], [2, 40, 100, 100])
  assert.deepEqual([rate.count, rate.p50Ms, rate.p99Ms, rate.maxMs], [2, 40, 300, 300])
})

test('a second reply, one into another chat and one to nothing are strays, and what was accepted goes on waiting', () => {
  const book = createReplyBook()
  for (const update of [1, 2]) book.sent(update, 'ada', 0)

  book.arrived(1, 'ada', 5)
  book.arrived(1, 'ada', 6)
  book.arrived(2, 'bob', 7)
  book.arrived(undefined, 'ada', 8)

  assert.equal(book.underWay, 1)
  const { count, strays, missing } = book.sumUp(always, 'arrived')
  assert.deepEqual([count, strays, missing], [1, 3, 1])
})

test('nobody waits for the reply to an update that was refused', () => {
  const book = createReplyBook()
  book.sent(1, 'ada', 0)

  book.refused(1)

  assert.equal(book.underWay, 0)
  assert.equal(book.sumUp(always, 'sent').missing, 0)
})
