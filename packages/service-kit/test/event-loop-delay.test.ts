import assert from 'node:assert/strict'
import { createHistogram } from 'node:perf_hooks'
import test from 'node:test'
import { setImmediate as turnEnd } from 'node:timers/promises'
import { Registry } from 'prom-client'
import { eventLoopDelay, timerDelayMs } from '../src/event-loop-delay.ts'

/** Turns of the event loop, of so many ms each. */
function turnsOf(...groups: readonly { count: number; ms: number }[]) {
  const turns = createHistogram()
  for (const { count, ms } of groups) for (let i = 0; i < count; i++) turns.record(ms * 1e6)
  return turns
}
const about = (ms: number) => Math.round(ms / 10) * 10

test('a loop that does nothing is not late', () => {
  assert.equal(timerDelayMs(turnsOf(), 10_000, 1), 0)
  assert.equal(timerDelayMs(turnsOf({ count: 300, ms: 0.1 }), 10_000, 0.5), 0)
})

test('more than a hundredth of the timers that are late are seen, however many short turns there are', () => {
  const turns = turnsOf({ count: 50_000, ms: 0.02 }, { count: 12, ms: 300 })

  assert.equal(about(timerDelayMs(turns, 10_000, 0.99)), 300)
  assert.equal(about(timerDelayMs(turns, 10_000, 0.5)), 0)
})

test('one long turn is the maximum, and no more than that', () => {
  const turns = turnsOf({ count: 2_000, ms: 0.5 }, { count: 1, ms: 200 })

  assert.equal(about(timerDelayMs(turns, 10_000, 1)), 200)
  assert.equal(about(timerDelayMs(turns, 10_000, 0.99)), 0)
})

test('a loop that is never free is late by its turns', () => {
  const turns = turnsOf({ count: 50, ms: 200 })

  assert.equal(about(timerDelayMs(turns, 10_000, 0.5)), 200)
})

test('a turn that blocks the loop is in the metrics', async () => {
  const registry = new Registry()
  eventLoopDelay(registry)
  await turnEnd()
  const end = performance.now() + 60
  while (performance.now() < end);
  await turnEnd()
  await turnEnd()

  const [, seconds] = /\{quantile="1"\} (.*)/.exec(await registry.metrics())!

  assert.ok(Number(seconds) > 0.05, seconds)
})
