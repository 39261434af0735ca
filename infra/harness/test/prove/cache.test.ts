import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCache } from '../../src/prove/cache/run-cache.ts'
import { TruthLedger } from '../../src/prove/cache/truth-ledger.ts'

test('under stops and kills of processes and of Redis no read that began after a write was acknowledged is older', async t => {
  const report = await runCache({ seconds: 25, processes: 4, keys: 12, seed: 7 })

  t.diagnostic(JSON.stringify(report))
  assert.deepEqual(report.problems, [])
  for (const [fault, times] of Object.entries(report.faults)) assert.ok(times > 0, `${fault} never happened`)
  for (const what of [
    'acknowledged',
    'from memory',
    'from redis',
    'old fills refused',
    'leases waited for',
    'redis away',
  ]) {
    assert.ok(report.counts[what]! > 0, `${what}: nothing`)
  }
  assert.ok(report.counts.reads! > 5_000, `only ${report.counts.reads} reads`)
})

test('a read is old only if it began after a later version had been acknowledged', () => {
  const ledger = new TruthLedger()
  const take = (pid: number, version: number, beganAt: number) =>
    ledger.take({ pid, seen: [{ key: 1, version, beganAt }], written: [], counts: {} })
  ledger.take({ pid: 1, seen: [], written: [{ key: 1, version: 2, acknowledgedAt: 100 }], counts: {} })
  ledger.take({ pid: 2, seen: [], written: [{ key: 1, version: 4, acknowledgedAt: 90 }], counts: {} })

  for (const [version, beganAt] of [
    [4, 1_000],
    [3, 90],
    [1, 89],
    [5, 1_000],
  ] as const)
    take(3, version, beganAt)
  const clean = ledger.problems()
  take(3, 3, 91)
  take(4, 1, 95)

  assert.deepEqual(clean, [])
  assert.deepEqual(ledger.problems(), [
    'key-1: process 3 read 3 by a read that began 1.0 ms after 4 was acknowledged',
    'key-1: process 4 read 1 by a read that began 5.0 ms after 4 was acknowledged',
  ])
})
