import type { CacheReport } from './run-cache.ts'

/** A run for a person: every problem on a line of its own. */
export function renderCache({ counts, faults, problems }: CacheReport): string {
  const list = (of: Readonly<Record<string, number>>) =>
    Object.entries(of)
      .map(([name, n]) => `${name} ${n.toLocaleString('en')}`)
      .join(', ')
  return [
    list(counts),
    list(faults),
    ...problems.map(problem => `  ✗ ${problem}`),
    problems.length === 0
      ? 'Clean: no read that began after a write was acknowledged returned an older version.'
      : `NOT CLEAN: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}, see above.`,
  ].join('\n')
}
