import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderBroadcast } from '../src/broadcast/render-broadcast.ts'
import { type BroadcastReport, runBroadcast } from '../src/broadcast/run-broadcast.ts'

/** Late workers let slots pass: a machine that others keep busy proves nothing of the rate, only that all arrives. */
const mostRuns = 3

test('a broadcast by two workers reaches everybody once, provokes no 429 and uses the limit', async t => {
  const runs: BroadcastReport[] = []
  do {
    const run = await runBroadcast({ recipients: 2_000, limit: 200, updates: 20, workers: 2, quietSeconds: 3 })
    t.diagnostic(renderBroadcast(run))
    runs.push(run)
    // Nothing excuses these.
    assert.deepEqual(run.results, { sent: 2_000, failed: 0, uncertain: 0 })
    assert.deepEqual(
      run.problems.filter(problem => !problem.endsWith('429')),
      [],
    )
  } while (!runs.some(isClean) && runs.length < mostRuns)

  const judged = runs.filter(({ late }) => late <= 0.01)
  if (judged.length === 0) return t.skip(`the rate cannot be judged: timers were late, ${runs.map(({ late }) => late)}`)
  assert.ok(judged.some(isClean), `refused ${runs.map(run => run.refused)}, used ${runs.map(run => run.used)}`)
})

/** A bound that a broadcast without reserved slots missed (0.87); how near to the limit it comes is for `npm run prove -- broadcast`. */
function isClean({ refused, used }: BroadcastReport): boolean {
  return refused === 0 && used >= 0.9
}
