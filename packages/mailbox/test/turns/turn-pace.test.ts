import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { TurnPace } from '../../src/turns/turn-pace.ts'

test('what may wait is due after 10 ms, what may not at once', t => {
  const { pace, due, tick } = setUp(t)
  pace.added(true)
  tick(9)
  assert.deepEqual([pace.isDue, due()], [false, 0])
  tick(1)
  assert.deepEqual([pace.isDue, due()], [true, 1])

  pace.took(1, false)
  pace.added(false)
  assert.deepEqual([pace.isDue, due()], [true, 2])
})

test('what waits goes with a turn that something else wants, and none is taken for it then', t => {
  const { pace, due, tick } = setUp(t)
  pace.added(true)
  pace.added(false)
  assert.equal(due(), 1)
  pace.took(2, false)
  tick(20)
  assert.deepEqual([pace.isDue, due()], [false, 1])
})

test('what a turn had no room for is due', t => {
  const { pace } = setUp(t)
  pace.added(false)
  pace.took(256, true)
  assert.equal(pace.isDue, true)
})

function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let count = 0
  const pace = new TurnPace(() => void count++)
  return { pace, due: () => count, tick: (ms: number) => t.mock.timers.tick(ms) }
}
