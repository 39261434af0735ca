import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runSplit } from '../../src/drill/split/run-split.ts'
import { renderReport } from '../../src/shared/report.ts'

test('a shard is split under load onto an empty server, its admin app killed: no write lost, no read wrong', async t => {
  const report = await runSplit({ users: 120, writers: 2, seconds: 0.5, kills: 1 }, line =>
    t.diagnostic(line),
  )

  t.diagnostic(renderReport(report, 'the ledger balances.'))
  assert.deepEqual(report.problems, [])
  const { ledger } = report
  assert.ok(Number(ledger['users on the new shard']) > 0)
  assert.equal(ledger['admin apps killed during the move'], 1)
})
