import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runChaos } from '../../src/prove/chaos/run-chaos.ts'

test('under every fault each accepted update is answered, in order, and twice only with a mark', async t => {
  const report = await runChaos({ seconds: 50, atLeast: 2_000, conversations: 250, flood: 400, seed: 7 })

  t.diagnostic(JSON.stringify(report))
  assert.deepEqual(report.problems, [])
  for (const [fault, times] of Object.entries(report.faults)) assert.ok(times > 0, `${fault} never happened`)
  assert.ok(report.accepted > 2_000, `only ${report.accepted} updates`)
})
