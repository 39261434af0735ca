/** The longest id that is taken for one, in UTF-16 code units; Meta's own have less than 200. */
const MAX_ID_LENGTH = 512

/** The value behind a path of own properties, or undefined: what is odd in one event of a batch must not refuse the others. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let at = value
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined
    at = (at as Record<string, unknown>)[name]
  }
  return at
}

/** The text behind a path, or undefined for anything else and for an empty one. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const text = valueAt(value, ...path)
  return typeof text === 'string' && text !== '' ? text : undefined
}

/** The id behind a path; half a surrogate pair has no bytes of its own, so two such ids would become one: they are none. */
export function idAt(value: unknown, ...path: readonly string[]): string | undefined {
  const id = valueAt(value, ...path)
  if (Number.isSafeInteger(id)) return String(id)
  return typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH && id.isWellFormed() ? id : undefined
}

/** The time behind a path in Unix ms: WhatsApp gives seconds as text, Messenger ms as a number, both at times the other. */
export function timeAt(value: unknown, ...path: readonly string[]): number | undefined {
  const time = valueAt(value, ...path)
  if (!(typeof time === 'number' || (typeof time === 'string' && /^\d{1,15}$/.test(time)))) return undefined
  const number = Number(time)
  if (!Number.isSafeInteger(number) || number <= 0) return undefined
  // 10^11 seconds is the year 5138, 10^11 ms is 1973.
  return number < 1e11 ? number * 1000 : number
}
