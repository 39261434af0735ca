import { setTimeout as delay } from 'node:timers/promises'

/**
 * Looks until it holds, where there is no event to wait for. A look in vain is ended by the test runner's own
 * time-out: tests run on machines of any speed.
 */
export async function until(holds: () => unknown): Promise<void> {
  while (!(await holds())) await delay(5)
}

/**
 * Looks until it holds, and answers how many ms that took; a rejection counts as not yet. Rejects after
 * `timeoutMs`: what starts a server must end it then.
 */
export async function untilTrue(
  holds: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 30_000,
): Promise<number> {
  for (const sinceMs = performance.now(); performance.now() - sinceMs < timeoutMs; await delay(20)) {
    if (await Promise.resolve(holds()).catch(() => false)) return Math.round(performance.now() - sinceMs)
  }
  throw new Error(`${what}: not within ${timeoutMs} ms`)
}
