import type { Terminal } from '../screen/terminal.ts'
import type { Counts, Outcome } from './run-tests.ts'

/** The names of Node's own test runner, so that a reader of its closing lines can read these. */
const labels: readonly [keyof Counts, string][] = [
  ['tests', 'tests'],
  ['suites', 'suites'],
  ['passed', 'pass'],
  ['failed', 'fail'],
  ['cancelled', 'cancelled'],
  ['skipped', 'skipped'],
  ['todo', 'todo'],
]

/** The closing lines of Node's test runner, over all runs. */
export function printTotals(outcomes: readonly Outcome[], terminal: Terminal): void {
  terminal.line()
  for (const [count, label] of labels) {
    terminal.line(`ℹ ${label} ${outcomes.reduce((sum, { counts }) => sum + counts[count], 0)}`)
  }
  terminal.line(`ℹ duration_ms ${Math.round(performance.now())}`)
}
