import assert from 'node:assert/strict'
import { test } from 'node:test'
import { growthOf } from '../../src/prove/soak/run-soak.ts'

test('a process may grow by 15 % and 16 MB; Redis also by the ids of what was accepted', () => {
  const before = { worker: 300, redis: 20 }

  assert.deepEqual(growthOf(before, { worker: 350, redis: 60 }, 1_000_000), [])
  assert.deepEqual(growthOf(before, { worker: 400, redis: 60 }, 0), [
    'worker grew from 300 to 400 MB; 361 are allowed',
    'redis grew from 20 to 60 MB; 39 are allowed',
  ])
})

test('what was not there before is not compared', () => {
  assert.deepEqual(growthOf({}, { worker: 400 }, 0), [])
})
