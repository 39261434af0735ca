import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGrace } from '../../src/grace.ts'

test('handlers and sends share one grace, which begins with the first of them and leaves the second a moment', () => {
  let now = 1_000
  const grace = createGrace(15_000, () => now)

  const left = [1_000, 6_000, 16_000, 60_000].map(at => {
    now = at
    return grace.leftMs()
  })

  assert.deepEqual(left, [15_000, 10_000, 2_000, 2_000])
})

test('no grace is none for both', () => {
  const grace = createGrace(0, () => 1_000)

  assert.deepEqual([grace.leftMs(), grace.leftMs()], [0, 0])
})
