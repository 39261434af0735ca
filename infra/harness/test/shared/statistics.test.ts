import assert from 'node:assert/strict'
import { test } from 'node:test'
import { median, quantile } from '../../src/shared/statistics.ts'

test('the median is the middle value, or the mean of the middle two, in any order', () => {
  assert.equal(median([5, 1, 3]), 3)
  assert.equal(median([4, 1, 3, 2]), 2.5)
  assert.ok(Number.isNaN(median([])))
})

test('a quantile is the value at its nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1)

  assert.equal(quantile(hundred, 0.5), 50)
  assert.equal(quantile(hundred, 0.99), 99)
  assert.equal(quantile([7], 0.99), 7)
  assert.equal(quantile([7], 0), 7)
})
