import { randomBytes } from 'node:crypto'

/** As many random hexadecimal digits. */
export function hexDigits(count: number): string {
  return randomBytes(Math.ceil(count / 2))
    .toString('hex')
    .slice(0, count)
}

/** A number in digits of this length, led by `head`. */
export function numbered(head: string, number: number, length: number): string {
  return head + String(number).padStart(length - head.length, '0')
}

/** A number as letters and digits of a base up to 36, padded to this length. */
export function lettered(head: string, number: number, length: number, base = 36): string {
  return head + number.toString(base).padStart(length - head.length, '0')
}
