import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turnEnd } from 'node:timers/promises'
import { createTurnBatch } from '../src/turn-batch.ts'

test('the items of one turn are one batch at its end, and those of the next turn are another', async () => {
  const batches: number[][] = []
  const add = createTurnBatch<number>(10, items => batches.push(items))

  add(1)
  add(2)
  await Promise.resolve()
  assert.deepEqual(batches, [])
  await turnEnd()
  add(3)
  await turnEnd()

  assert.deepEqual(batches, [[1, 2], [3]])
})

test('a full batch does not wait for the end of the turn', async () => {
  const batches: number[][] = []
  const add = createTurnBatch<number>(3, items => batches.push(items))

  for (const item of [1, 2, 3, 4]) add(item)
  assert.deepEqual(batches, [[1, 2, 3]])
  await turnEnd()

  assert.deepEqual(batches, [[1, 2, 3], [4]])
})
