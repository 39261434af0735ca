import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setImmediate as turnEnd } from 'node:timers/promises'
import { Lookout } from '../../src/turns/lookout.ts'

test('a process promises to look only while traffic is dense', async t => {
  const { lookout, pass } = setUp(t)
  assert.equal(lookout.offerMs, 0)

  lookout.answered({ taken: 1, left: 0, lookoutMs: 0 })
  assert.equal(lookout.offerMs, 20)
  await pass(39)
  assert.equal(lookout.offerMs, 20)
  await pass(1)
  assert.equal(lookout.offerMs, 0)
})

test('what becomes ready is found before the promise is over', async t => {
  const { lookout, state, pass } = setUp(t)
  lookout.answered({ taken: 1, left: 0, lookoutMs: 20 })
  await pass(6)
  assert.equal(state.looks, 0)

  state.ready = 1
  await pass(4)

  assert.equal(state.looks, 1)
  assert.equal(lookout.isDue, false)
})

test('a promise ends with a claim after its time, whatever was counted', async t => {
  const { lookout, state, pass } = setUp(t)
  lookout.answered({ taken: 1, left: 0, lookoutMs: 20 })
  await pass(21)
  assert.deepEqual([lookout.isDue, state.looks], [false, 0])

  await pass(1)
  assert.deepEqual([lookout.isDue, state.looks], [true, 1])
  // A claim that could not be taken leaves it owed.
  lookout.end()
  lookout.owe()
  assert.equal(lookout.isDue, true)
  lookout.end()
  lookout.answered({ taken: 0, left: 0, lookoutMs: 0 })
  const { counts } = state
  await pass(100)
  assert.deepEqual([lookout.isOwed, state.counts], [false, counts])
})

test('a claim that takes something renews the promise, one that takes nothing leaves it', async t => {
  const { lookout, pass } = setUp(t)
  lookout.answered({ taken: 1, left: 0, lookoutMs: 20 })
  await pass(15)
  lookout.answered({ taken: 1, left: 0, lookoutMs: 20 })
  await pass(15)
  lookout.answered({ taken: 0, left: 0, lookoutMs: 0 })
  assert.equal(lookout.isDue, false)
  await pass(7)
  assert.equal(lookout.isDue, true)
})

test('a bot that comes to work that only kept places are for is found, the work itself is not', async t => {
  const { lookout, state, pass } = setUp(t)
  state.ready = 3
  lookout.answered({ taken: 0, left: 3, lookoutMs: 0 })
  await pass(50)
  assert.equal(state.looks, 0)

  state.ready = 2
  await pass(5)
  state.ready = 3
  await pass(5)

  assert.equal(state.looks, 1)
})

test('while Redis cannot be asked nothing is found, and the promise is kept all the same', async t => {
  const { lookout, state, pass } = setUp(t)
  state.fails = true
  lookout.answered({ taken: 1, left: 0, lookoutMs: 20 })
  await pass(30)

  assert.deepEqual([lookout.isDue, state.looks], [true, 1])
})

test('a process without places has somebody else told as soon as it sees that something is ready', async t => {
  const { lookout, state, pass } = setUp(t)
  lookout.answered({ taken: 1, left: 0, lookoutMs: 20 })
  state.hasPlaces = false
  state.ready = 1
  await pass(2)
  assert.deepEqual([lookout.isDue, state.looks], [true, 1])
})

test('a process without places does not look for others', async t => {
  const { lookout, state, pass } = setUp(t)
  state.hasPlaces = false
  lookout.answered({ taken: 0, left: 3, lookoutMs: 0 })
  await pass(50)
  assert.equal(state.counts, 0)
})

test('a claim that left no place ends the promise', async t => {
  const { lookout, state, pass } = setUp(t)
  lookout.answered({ taken: 1, left: 0, lookoutMs: 20 })
  lookout.answered({ taken: 9, left: 0, lookoutMs: -1 })
  await pass(50)
  assert.deepEqual([lookout.isOwed, state.counts], [false, 0])
})

test('a process that computed for long promises nothing for a second', async t => {
  const { lookout, stall, pass } = setUp(t)
  lookout.answered({ taken: 1, left: 0, lookoutMs: 20 })
  stall(100)
  await pass(2)
  lookout.answered({ taken: 1, left: 0, lookoutMs: 0 })
  assert.equal(lookout.offerMs, 0)
  await pass(1000)
  lookout.answered({ taken: 1, left: 0, lookoutMs: 0 })
  assert.equal(lookout.offerMs, 20)
})

/** A lookout whose time passes a millisecond at a time, with a rotation that a test sets. */
function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let nowMs = 0
  const state = { ready: 0, looks: 0, counts: 0, fails: false, hasPlaces: true }
  const lookout = new Lookout({
    now: () => nowMs,
    countReady: async () => {
      state.counts++
      if (state.fails) throw new Error('Redis is away')
      return state.ready
    },
    look: () => void state.looks++,
    hasPlaces: () => state.hasPlaces,
  })
  t.after(() => lookout.close())
  return {
    lookout,
    state,
    /** Time passes, and no timer is looked at. */
    stall(ms: number) {
      nowMs += ms
    },
    async pass(ms: number) {
      for (let i = 0; i < ms; i++) {
        nowMs++
        t.mock.timers.tick(1)
        await turnEnd()
      }
    },
  }
}
