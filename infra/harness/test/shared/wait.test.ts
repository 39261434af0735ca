import assert from 'node:assert/strict'
import { test } from 'node:test'
import { waitWhileItMoves } from '../../src/shared/wait.ts'

test('what moves is waited for far longer than the patience, until it is done', async () => {
  let seen = 0
  const waited = await waitWhileItMoves(() => ++seen, { isDone: n => n === 20, patienceMs: 0, everyMs: 0 })

  assert.deepEqual(waited, { done: true, seen: 20 })
})

test('what stands still is given up, with what was seen last', async () => {
  let looks = 0
  const waited = await waitWhileItMoves(() => Math.min(++looks, 5), {
    isDone: n => n > 5,
    patienceMs: 0,
    everyMs: 0,
  })

  assert.deepEqual(waited, { done: false, seen: 5 })
})
