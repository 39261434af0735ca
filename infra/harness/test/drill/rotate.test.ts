import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runRotate } from '../../src/drill/rotate/run-rotate.ts'
import { renderReport } from '../../src/shared/report.ts'

test('keys are rotated twice under load: nothing lost, doubled, unreadable or restarted, and the old keys are gone', async t => {
  const options = { rotations: 2, updates: 30, workers: 2, recipients: 100, seconds: 0 }

  const report = await runRotate(options, line => t.diagnostic(line))

  t.diagnostic(renderReport(report, 'the ledger balances.'))
  assert.deepEqual(report.problems, [])
  const { ledger } = report
  assert.equal(ledger['updates lost'], 0)
  assert.ok(Number(ledger['updates accepted']) > 100)
  assert.ok(Number(ledger['times an old key was refused to go']) >= 2)
  // Credentials, broadcast and recipients twice, and the dead letters that there were.
  assert.ok(Number(ledger['re-encrypted']) > 2 * (1 + 1 + options.recipients))
})
