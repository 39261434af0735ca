import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Places } from '../../src/drain/places.ts'
import { ClaimSide } from '../../src/turns/claim-side.ts'
import type { ClaimResult } from '../../src/turns/claimed.ts'

const nothing: ClaimResult = { claimed: [], left: 0, dueInMs: undefined, addTokens: [], lookoutMs: 0 }
const one = { conversation: 'bot/chat', fence: '1', trouble: undefined, head: Buffer.alloc(0) } as const
const promise: ClaimResult = { ...nothing, lookoutMs: 20 }

test('a process keeps its promise to look although it has no place by then', t => {
  const { side, places, answer, pass } = setUp(t)
  answer(promise)
  places.take(places.free)
  assert.equal(side.wantsClaim, false)

  pass(25)
  assert.equal(side.wantsClaim, true)
  assert.match(answer(nothing), /^0 /)
  assert.equal(side.wantsClaim, false)
})

test('a turn that was not taken leaves the promise to look as it was', t => {
  const { side, pass, answer } = setUp(t)
  answer(promise)
  pass(25)

  side.request(false, false)!.giveUp()

  assert.equal(side.wantsClaim, true)
})

test('a process whose last places are kept counts for whom they may be', t => {
  const { side, places, state, answer } = setUp(t)
  places.take(places.free - places.kept)
  assert.match(answer({ ...nothing, left: 1 }), /^1 1 /)

  t.mock.timers.tick(5)

  assert.equal(state.counts, 1)
  assert.equal(side.wantsClaim, false)
})

test('who takes much at once under a promise calls for help, not more often than every 50 ms', t => {
  const { state, answer, pass } = setUp(t)
  const take = (n: number, lookoutMs = 20) =>
    answer({ ...nothing, claimed: Array.from({ length: n }, () => one), lookoutMs })
  take(7)
  take(8, -1)
  assert.equal(state.calls, 0)

  take(8)
  take(9)
  pass(49)
  take(8)
  assert.equal(state.calls, 1)
  pass(1)
  take(8)
  assert.equal(state.calls, 2)
})

test('who takes no more gives its promise back, once', t => {
  const { side, state, answer } = setUp(t)
  answer(promise)
  side.detach()
  side.detach()
  assert.equal(state.leaves, 1)
})

test('a promise that was under way when its process took no more is given back', t => {
  const { side, state } = setUp(t)
  const request = side.request(true, false)!
  side.detach()
  assert.equal(state.leaves, 0)

  request.answered({ ...promise, left: 1 })

  assert.equal(state.leaves, 1)
  assert.equal(side.wantsClaim, false)
})

test('who pauses gives its promise back, without one it says nothing', t => {
  const { side, places, state, answer } = setUp(t)
  places.pause(true)
  assert.equal(side.request(true, false), undefined)
  assert.equal(state.leaves, 0)

  places.pause(false)
  answer(promise)
  places.pause(true)
  assert.equal(side.request(true, false), undefined)
  assert.equal(side.request(true, false), undefined)
  assert.equal(state.leaves, 1)
})

/** One box of a partition; `answer` has its next claim answered and returns the words of it. */
function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let nowMs = 0
  const state = { leaves: 0, counts: 0, calls: 0 }
  const places = new Places(4)
  const side = new ClaimSide({
    ...{ partition: 0, partitions: 1, groups: ['-'] },
    goOn: () => undefined,
    async countReady() {
      state.counts++
      return 1
    },
    leave: () => void state.leaves++,
    callHelp: () => void state.calls++,
    now: () => nowMs,
  })
  side.attach({ places, start: () => undefined })
  t.after(() => side.detach())
  return {
    ...{ side, places, state },
    answer(result: ClaimResult) {
      const request = side.request(true, false)!
      request.answered(result)
      return request.words
    },
    pass(ms: number) {
      nowMs += ms
    },
  }
}
