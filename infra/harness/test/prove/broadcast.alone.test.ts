import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type BroadcastReport, runBroadcast } from '../../src/prove/broadcast/run-broadcast.ts'
import { broadcastLedger } from '../../src/prove/broadcast/scenario.ts'
import { renderLedger } from '../../src/shared/table.ts'

/**
 * Late workers let slots pass: a machine that others keep busy proves nothing of the rate, only that all
 * arrives.
 */
const maxRuns = 3

interface Case {
  readonly limit: number
  readonly recipients: number
  readonly updates: number
  readonly leastUsed: number
}

/** Thirty messages a second leave the machine room for two. */
const slow: readonly (Case & { readonly what: string })[] = [
  { what: 'by itself', limit: 30, recipients: 240, updates: 0, leastUsed: 0.93 },
  // Its replies leave at once, on top: the broadcast leaves room for as many as are likely within a slot.
  { what: 'beside replies of its bot', limit: 30, recipients: 200, updates: 5, leastUsed: 0.75 },
]

test(
  'a broadcast by two workers under Telegram’s own limit reaches everybody once, provokes no 429 and uses it',
  {
    concurrency: slow.length,
  },
  t => Promise.all(slow.map(one => t.test(one.what, t => prove(t, one)))).then(() => undefined),
)

// Without reserved slots it used 0.87; how near to the limit it comes is for `npm run prove -- broadcast`.
test('a broadcast by two workers under a limit that is paid for does so too', t =>
  prove(t, { limit: 200, recipients: 2_000, updates: 10, leastUsed: 0.9 }))

async function prove(t: TestContext, { limit, recipients, updates, leastUsed }: Case): Promise<void> {
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
}
