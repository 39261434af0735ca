/** Fifteen digits always fit a double; a payload without a longer number needs no closer look. */
const longNumber = /\d{16}/
const integer = /^-?\d+$/

/**
 * Parses JSON without rounding: an integer that a double cannot hold becomes a BigInt. Sets no prototypes.
 */
export function parseLossless(json: string): unknown {
  if (!longNumber.test(json)) return JSON.parse(json)
  return JSON.parse(json, (_key, value, context?: { source?: string }) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
    const source = context?.source
    return source !== undefined && integer.test(source) ? BigInt(source) : value
  })
}
