import { valueAt } from '../json/value-at.ts'

/**
 * The time behind a path in Unix ms: WhatsApp gives seconds as text, Messenger ms as a number, both at times
 * the other.
 */
export function timeAt(value: unknown, ...path: readonly string[]): number | undefined {
  const time = valueAt(value, ...path)
  if (!(typeof time === 'number' || (typeof time === 'string' && /^\d{1,15}$/.test(time)))) return undefined
  const number = Number(time)
  if (!Number.isSafeInteger(number) || number <= 0) return undefined
  // 10^11 seconds is the year 5138, 10^11 ms is 1973.
  return number < 1e11 ? number * 1000 : number
}
