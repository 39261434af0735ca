import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BroadcastReport, runBroadcast } from '../../src/prove/broadcast/run-broadcast.ts'
import { broadcastLedger } from '../../src/prove/broadcast/scenario.ts'
import { renderLedger } from '../../src/shared/table.ts'

/**
 * Late workers let slots pass: a machine that others keep busy proves nothing of the rate, only that all
 * arrives.
 */
const maxRuns = 3

const cases = [
  { what: 'under Telegram’s own limit', limit: 30, recipients: 240, updates: 0, leastUsed: 0.93 },
  // Its replies leave at once, on top: the broadcast leaves room for as many as are likely within a slot.
  {
    what: 'under Telegram’s own limit, beside replies of its bot,',
    limit: 30,
    recipients: 200,
    updates: 5,
    leastUsed: 0.75,
  },
  // Without reserved slots it used 0.87; how near to the limit it comes is for `npm run prove -- broadcast`.
  { what: 'under a limit that is paid for', limit: 200, recipients: 2_000, updates: 10, leastUsed: 0.9 },
]

for (const { what, limit, recipients, updates, leastUsed } of cases) {
  test(`a broadcast by two workers ${what} reaches everybody once, provokes no 429 and uses it`, async t => {
    const isClean = ({ refused, used }: BroadcastReport) => refused === 0 && used >= leastUsed
    const runs: BroadcastReport[] = []
    do {
      const run = await runBroadcast({ recipients, limit, updates, others: 5, workers: 2, quietSeconds: 2 })
      t.diagnostic(renderLedger(broadcastLedger(run)))
      runs.push(run)
      // Nothing excuses these.
      assert.deepEqual(run.results, { sent: recipients, failed: 0, uncertain: 0 })
      assert.deepEqual(
        run.problems.filter(problem => !problem.endsWith('429')),
        [],
      )
    } while (!runs.some(isClean) && runs.length < maxRuns)
    if (runs.some(isClean)) return

    const late = runs.map(run => run.late)
    if (late.every(part => part > 0.01)) return t.skip(`the rate cannot be judged: timers were late, ${late}`)
    assert.fail(`refused ${runs.map(run => run.refused)}, used ${runs.map(run => run.used)}, late ${late}`)
  })
}
