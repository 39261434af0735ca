import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runFailover } from '../../src/drill/failover/run-failover.ts'
import { renderReport } from '../../src/shared/report.ts'

test('a killed and a frozen primary, their failovers and their return lose no update and write none twice', async t => {
  // How long others waited is for the command to judge: here many tests share the processor.
  const options = {
    shards: 2,
    updates: 30,
    workers: 2,
    users: 20,
    seconds: 0.5,
    detect: 0.3,
    slowest: 60_000,
  }

  const report = await runFailover(options, line => t.diagnostic(line))

  t.diagnostic(renderReport(report, 'the ledger balances.'))
  assert.deepEqual(report.problems, [])
  assert.ok(Number(report.ledger['updates accepted']) > 100)
})
