import assert from 'node:assert/strict'
import { test } from 'node:test'
import { retryDelaySeconds } from '../../src/telegram/retry-delay.ts'

test('the first retry is immediate, then the delay doubles up to the cap', () => {
  const delays = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(failures => retryDelaySeconds(failures, undefined, 90))

  assert.deepEqual(delays, [0, 2, 4, 8, 16, 32, 64, 90, 90])
})

test('a numeric Retry-After goes first, an hour at most; a date is ignored', () => {
  assert.equal(retryDelaySeconds(1, '5', 90), 5)
  assert.equal(retryDelaySeconds(6, '0', 90), 0)
  assert.equal(retryDelaySeconds(1, '100000', 90), 3600)
  assert.equal(retryDelaySeconds(2, 'Wed, 21 Oct 2026 07:28:00 GMT', 90), 2)
})
