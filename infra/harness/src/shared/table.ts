/** Rows under a head, of as many cells each. */
export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

/** A table whose columns stand under each other, which Markdown takes as one too. */
export function renderTable({ head, rows }: Table): string {
  const lines = [head, ...rows.map(row => row.map(String))]
  const widths = head.map((_, column) => Math.max(3, ...lines.map(line => line[column]!.length)))
  const [top, ...rest] = lines.map(
    line => `| ${line.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`,
  )
  return [top, `| ${widths.map(width => '-'.repeat(width)).join(' | ')} |`, ...rest].join('\n')
}

/** Two columns: what, and how much of it. */
export function renderLedger(ledger: Readonly<Record<string, string | number>>): string {
  const entries = Object.entries(ledger)
  const width = Math.max(0, ...entries.map(([what]) => what.length))
  return entries.map(([what, amount]) => `  ${what.padEnd(width)}  ${amount}`).join('\n')
}
