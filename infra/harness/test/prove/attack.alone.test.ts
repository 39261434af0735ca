import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runAttack } from '../../src/prove/attack/run-attack.ts'
import { attackTable } from '../../src/prove/attack/scenario.ts'

test("strangers' calls of every platform prove nothing and refuse nobody else, in little memory; large ones are stored", async () => {
  const { rows, problems } = await runAttack({ perSecond: 50, updates: 50, seconds: 1, rounds: 1 })

  const outcomes = Object.fromEntries(rows.map(({ attack, outcome }) => [attack, outcome]))
  assert.ok(outcomes.unsigned?.['401'], JSON.stringify(outcomes))
  assert.ok(outcomes['half-sent']?.['429'], JSON.stringify(outcomes))
  assert.deepEqual(Object.keys(outcomes.large ?? {}), ['200'])
  // Times are for the command: a test's machine does other things too.
  assert.deepEqual(
    problems.filter(problem => !problem.includes('p99')),
    [],
  )
})

test('a report compares each attack with the usual time', () => {
  const row = { usualP99Ms: 4, p99Ms: 10, calls: 900, extraMb: 12, outcome: { 401: 150, none: 2 } }

  const { rows } = attackTable([{ attack: 'unsigned', ...row }])

  assert.deepEqual(rows, [['unsigned', 4, 10, '× 2.5', 900, 12, '150 × 401, 2 × none']])
})
