import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSlidingWindows } from '../../src/simulator/sliding-windows.ts'

test('a window has room again when its oldest leaves it, and what was refused did not count', () => {
  const windows = createSlidingWindows({ count: 2, ms: 1_000 })

  assert.deepEqual(windows.take('a', 0), { taken: true, left: 1 })
  assert.deepEqual(windows.take('a', 400), { taken: true, left: 0 })
  assert.deepEqual(windows.take('a', 900), { waitMs: 100 })
  assert.deepEqual(windows.take('b', 900), { taken: true, left: 1 })
  assert.deepEqual(windows.take('a', 1_000), { taken: true, left: 0 })
  assert.deepEqual(windows.take('a', 1_001), { waitMs: 399 })
})

test('of several windows all must have room, and the longest wait is told', () => {
  const windows = createSlidingWindows({ count: 2, ms: 1_000 }, { count: 3, ms: 10_000 })

  for (const atMs of [0, 1, 1_001]) assert.ok('taken' in windows.take('a', atMs))

  assert.deepEqual(windows.take('a', 2_500), { waitMs: 7_500 })
})
