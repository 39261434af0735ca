import { Script } from 'node:vm'

const maxMs = 10_000

/**
 * Calls what takes well under a second, and throws after ten: a test's time-out does not end work that never
 * yields.
 */
export function cutOff<T>(work: () => T): T {
  Object.assign(globalThis, { work })
  return new Script('work()').runInThisContext({ timeout: maxMs }) as T
}
