/**
 * The value at a path of own members, or undefined: payloads of kinds that nobody knows yet have any shape.
 */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let at = value
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined
    at = (at as Record<string, unknown>)[name]
  }
  return at
}

/** The text at a path, if there is one that is not empty. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const text = valueAt(value, ...path)
  return typeof text === 'string' && text !== '' ? text : undefined
}

/** The id at a path, as text: a whole number that a double holds exactly, or a text. */
export function idAt(value: unknown, ...path: readonly string[]): string | undefined {
  const id = valueAt(value, ...path)
  return Number.isSafeInteger(id) ? String(id) : textAt(id)
}

/** The JSON of an API's answer, or undefined: a proxy's error page, a cut body. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
