import type { AttackReport } from './run-attack.ts'

/** A run for a person: a line for each attack. */
export function renderAttack({ rows, problems }: AttackReport): string {
  const lines = rows.map(({ attack, usualP99Ms, p99Ms, extraMb, calls, outcome }) => {
    const ratio = (p99Ms / usualP99Ms).toFixed(1)
    const answers = Object.entries(outcome).map(([status, n]) => `${n} × ${status}`)
    return [attack, `${usualP99Ms}`, `${p99Ms}`, `× ${ratio}`, `${calls}`, `${extraMb}`, answers.join(', ')]
  })
  const table = [['attack', 'usual p99 ms', 'p99 ms', '', 'updates', 'MB more', 'strangers were answered'], ...lines]
  const widths = table[0]!.map((_, column) => Math.max(...table.map(line => line[column]!.length)))
  return [
    ...table.map(line =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    ),
    ...problems.map(problem => `  ✗ ${problem}`),
    problems.length === 0
      ? 'Clean: the other bot was answered as usual, and nobody took more memory than there is for strangers.'
      : `NOT CLEAN: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}, see above.`,
  ].join('\n')
}
