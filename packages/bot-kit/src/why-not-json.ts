/**
 * Says where a value is something that JSON would lose or change (a Date, a Map, NaN, a cycle …), or
 * undefined if it comes back the same. A property that is undefined is allowed: it comes back as a property
 * that is absent.
 */
export function whyNotJson(value: unknown, at = 'it', parents: readonly unknown[] = []): string | undefined {
  if (value === undefined || value === null || typeof value === 'string' || typeof value === 'boolean')
    return undefined
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${at} is ${value}`
  if (typeof value !== 'object') return `${at} is a ${typeof value}`
  if (parents.includes(value)) return `${at} holds itself`
  const within = [...parents, value]
  if (Array.isArray(value)) {
    const hole = value.findIndex(item => typeof item === 'undefined')
    if (hole >= 0) return `${at}[${hole}] is undefined`
    return firstProblem(value.entries(), index => `${at}[${index}]`, within)
  }
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return `${at} is a ${nameOf(prototype)}`
  return firstProblem(Object.entries(value), key => `${at}.${key}`, within)
}

function firstProblem<K>(
  entries: Iterable<[K, unknown]>,
  at: (key: K) => string,
  parents: readonly unknown[],
): string | undefined {
  for (const [key, value] of entries) {
    const problem = whyNotJson(value, at(key), parents)
    if (problem !== undefined) return problem
  }
  return undefined
}

function nameOf(prototype: { constructor?: { name?: string } }): string {
  return prototype.constructor?.name || 'class instance'
}
