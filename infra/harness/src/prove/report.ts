import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ChaosReport } from './chaos/run-chaos.ts'

/** A run as it is kept: how it was started, what it found. */
export interface KeptReport {
  /** ISO 8601. */
  readonly startedAt: string
  readonly [fact: string]: unknown
}

/** A run for a person: every problem on a line of its own, however many there are. */
export function renderReport({ accepted, deliveries, runs, faults, problems }: ChaosReport): string {
  const done = Object.entries(faults).map(([fault, times]) => `${fault} ${times} times`)
  return [
    `${accepted} updates accepted in ${deliveries} deliveries, ${runs} runs of handlers`,
    done.join(', '),
    ...problems.map(problem => `  ✗ ${problem}`),
    problems.length === 0
      ? 'Clean: nothing lost, doubled or out of order.'
      : `NOT CLEAN: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}, see above.`,
  ].join('\n')
}

/** Writes a run to `<proof>-<when it started>.json` in a folder, made if need be; the file's path. */
export function keepReport(folder: string, proof: string, report: KeptReport): string {
  mkdirSync(folder, { recursive: true })
  // Colons are not for file names on every system.
  const file = join(folder, `${proof}-${report.startedAt.replaceAll(':', '-')}.json`)
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`)
  return file
}
