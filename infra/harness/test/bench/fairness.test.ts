import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fairnessTable, problemsOf } from '../../src/bench/fairness/judge.ts'
import type { FairnessRun } from '../../src/bench/fairness/measure-fairness.ts'

test('a quiet bot may take three times as long beside a flood, and no longer', () => {
  assert.deepEqual(problemsOf([run(30, 90)], 3), [])
  assert.deepEqual(problemsOf([run(30, 99)], 3), [
    "50ms: the quiet bot's p99 is 99 ms beside the flood, 3.3 × the 30 ms alone; it may be 3 ×",
  ])
})

test('no reply at all is no fairness, and neither is a lost one', () => {
  const none = { p50: null, p99: null, max: null, replies: 0, missing: 7 }

  const problems = problemsOf([{ ...run(30, 1), beside: none }], 3)

  assert.equal(problems.length, 2)
  assert.match(problems[0]!, /Infinity × the 30 ms alone/)
  assert.equal(problems[1], '50ms: 7 updates of the quiet bot were never answered')
})

test('a flood that never rose, or ebbed away, proves nothing', () => {
  const [problem, ...others] = problemsOf([{ ...run(30, 30), waiting: [50_000, 12] }], 3)

  assert.deepEqual(others, [])
  assert.match(problem!, /50000 to 12 updates waited instead of 50000/)
})

test('the table says how long the quiet bot took, and behind what', () => {
  const { head, rows } = fairnessTable([run(30, 90)])

  assert.equal(rows[0]!.length, head.length)
  assert.deepEqual(rows[0]!.slice(0, 2), ['50,000 chats, handler 50 ms', '50,000 to 49,900'])
  assert.equal(rows[0]!.at(-1), '3.0 ×')
})

function run(alone: number, beside: number): FairnessRun {
  const times = (p99: number) => ({ p50: p99 / 2, p99, max: p99 + 1, replies: 45, missing: 0 })
  return { flood: '50ms', alone: times(alone), beside: times(beside), waiting: [50_000, 49_900] }
}
