import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { renderLedger, renderTable, type Table } from './table.ts'

/** What a run found. All of it is kept in the report's file. */
export interface Report {
  /** The account of the run, a line each, in this order: what was counted or measured, and how much of it. */
  readonly ledger?: Readonly<Record<string, string | number>>
  /** What is compared side by side. */
  readonly table?: Table
  /** Empty if nothing went wrong. */
  readonly problems: readonly string[]
  /** Every figure, for programs; kept in the file and printed by `--json`. */
  readonly facts?: Readonly<Record<string, unknown>>
}

/** A report whose account is a ledger. */
export interface LedgerReport extends Report {
  readonly ledger: Readonly<Record<string, string | number>>
}

/** The circumstances of a run, without which its figures mean little. */
export interface Circumstances {
  /** The command that repeats it. */
  readonly command: string
  /** ISO 8601. */
  readonly startedAt: string
  readonly machine: string
  readonly options: Readonly<Record<string, unknown>>
}

/** The processor, the system and the Node that run this. */
export function describeMachine(): string {
  const cores = cpus()
  const { platform, arch, version } = process
  return `${cores.length} cores of ${cores[0]?.model ?? 'an unknown processor'}, ${platform} ${arch}, Node ${version}`
}

/**
 * A run for a person: its figures, every problem on a line of its own however many there are, and the
 * verdict.
 */
export function renderReport({ ledger, table, problems }: Report, clean: string): string {
  return [
    ...(ledger === undefined ? [] : ['', renderLedger(ledger)]),
    ...(table === undefined ? [] : ['', renderTable(table)]),
    '',
    ...problems.map(problem => `  ✗ ${problem}`),
    problems.length === 0
      ? `CLEAN: ${clean}`
      : `NOT CLEAN: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}, see above.`,
  ].join('\n')
}

/** A run for programs: its circumstances and all that was found. */
export function reportAsJson({ facts, ...shown }: Report, circumstances: Circumstances): string {
  return JSON.stringify({ ...circumstances, ...facts, ...shown }, null, 2)
}

/**
 * Writes a run to `<scenario>-<when it started>.json` in a folder, made if need be; answers the file's path.
 */
export function keepReport(
  folder: string,
  scenario: string,
  report: Report,
  circumstances: Circumstances,
): string {
  mkdirSync(folder, { recursive: true })
  // Some systems allow no colons in the names of files.
  const file = join(folder, `${scenario}-${circumstances.startedAt.replaceAll(':', '-')}.json`)
  writeFileSync(file, `${reportAsJson(report, circumstances)}\n`)
  return file
}
