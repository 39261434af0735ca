import { randomBytes } from 'node:crypto'

/** Drawn once, at the start: later it would hold up the event loop while the system is asked. */
const base = randomBytes(9).toString('base64url')
let count = 0

/** A name that no process has had before. */
export function freshId(): string {
  return `${base}.${(++count).toString(36)}`
}
