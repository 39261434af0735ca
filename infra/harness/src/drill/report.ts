import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DrillReport } from './drill.ts'

/** A run as it is kept: when it was started, how, and what it found. */
export interface KeptReport {
  /** ISO 8601. */
  readonly startedAt: string
  readonly [fact: string]: unknown
}

/** A run for a person: its ledger, then every problem on a line of its own, however many there are. */
export function renderReport({ ledger, problems }: DrillReport): string {
  const entries = Object.entries(ledger)
  const width = Math.max(0, ...entries.map(([what]) => what.length))
  return [
    '',
    'Ledger',
    ...entries.map(([what, amount]) => `  ${what.padEnd(width)}  ${amount}`),
    ...problems.map(problem => `  ✗ ${problem}`),
    problems.length === 0
      ? 'Clean: the ledger balances.'
      : `NOT CLEAN: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}, see above.`,
  ].join('\n')
}

/** Writes a run to `<drill>-<when it started>.json` in a folder, made if need be; the file's path. */
export function keepReport(folder: string, drill: string, report: KeptReport): string {
  mkdirSync(folder, { recursive: true })
  // Colons are not for file names on every system.
  const file = join(folder, `${drill}-${report.startedAt.replaceAll(':', '-')}.json`)
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`)
  return file
}
