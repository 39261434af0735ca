/** Rows under a head, in aligned columns; numbers to the right. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const lines = [head, ...rows]
  const widths = head.map((_, i) => Math.max(...lines.map(line => String(line[i] ?? '').length)))
  return lines
    .map(line =>
      widths
        .map((width, i) => {
          const cell = line[i] ?? ''
          return typeof cell === 'number' ? String(cell).padStart(width) : cell.padEnd(width)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
