/**
 * How many characters of Unicode a text has: what platforms mean that count code points, not halves of them.
 */
export function codePointsOf(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
