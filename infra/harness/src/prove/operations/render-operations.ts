import type { FaultResult } from './fault-case.ts'
import type { OperationsReport } from './run-operations.ts'

/** A case as soon as it has ended. */
export function renderResult({ fault, seen, seconds, ok }: FaultResult): string {
  return `${markOf(ok)} ${fault} (${seconds.toFixed(1)} s): ${seen}`
}

/** The table: fault, what was seen, seconds, ok. */
export function renderOperations({ results, problems }: OperationsReport): string {
  const width = (of: (result: FaultResult) => string) => Math.max(...results.map(result => of(result).length), 8)
  const widths = [width(it => it.fault), width(it => it.seen)] as const
  const row = (fault: string, seen: string, seconds: string, ok: string) =>
    `${fault.padEnd(widths[0])}  ${seen.padEnd(widths[1])}  ${seconds.padStart(7)}  ${ok}`
  return [
    row('fault', 'seen', 'seconds', 'ok'),
    ...results.map(({ fault, seen, seconds, ok }) => row(fault, seen, seconds.toFixed(1), markOf(ok))),
    problems.length === 0
      ? 'Clean: every fault was lived through.'
      : `NOT CLEAN: ${problems.length} of ${results.length} were not.`,
  ].join('\n')
}

function markOf(ok: FaultResult['ok']): string {
  return ok === true ? '✓' : ok === false ? '✗' : ok
}
