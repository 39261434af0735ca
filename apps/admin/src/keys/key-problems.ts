import type { KeyReport } from './key-report.ts'

/** Nobody can say then which keys the sessions need. */
export const sessionsAway =
  'The sessions could not be counted, as their Redis (CACHE_REDIS_URL) is away or refuses: see the log'

/**
 * Why a rotation must not go on as things are, in words for an operator: keys that not everybody has, two
 * keys of one id.
 */
export function keyProblems({ rings, counts, areSessionsAway }: KeyReport): string[] {
  const ids = new Set(rings.flatMap(({ keys }) => Object.keys(keys)))
  const problems: string[] = areSessionsAway ? [sessionsAway] : []
  for (const id of ids) {
    const fingerprints = new Set(rings.flatMap(({ keys }) => keys[id] ?? []))
    if (fingerprints.size > 1)
      problems.push(`Processes have different keys under the id "${id}": give one a new id`)
    const active = rings.filter(ring => ring.active === id)
    const without = rings.filter(({ keys }) => !Object.hasOwn(keys, id)).map(({ member }) => member)
    if (without.length === 0) continue
    problems.push(
      active.length > 0
        ? `"${id}" is active in ${active.length} of ${rings.length} processes and missing in ${without.join(', ')}: add it there at once`
        : `"${id}" is missing in ${without.join(', ')}: do not make it active yet`,
    )
  }
  const used = new Set(Object.values(counts).flatMap(place => Object.keys(place)))
  for (const id of used) {
    if (id !== '' && !ids.has(id))
      problems.push(`No process has "${id}", which something lies under: put it back`)
  }
  return problems
}
