import { setTimeout as delay } from 'node:timers/promises'

/**
 * How long a test waits for what must come, in ms: machines are of any speed. Less than the test runner's own
 * time-out, which tells no line.
 */
export const patienceMs = 240_000

/** Looks until it holds, where there is no event to wait for. Rejects after four minutes in vain. */
export async function until(holds: () => unknown): Promise<void> {
  const sinceMs = performance.now()
  while (!(await holds())) {
    if (performance.now() - sinceMs > patienceMs) throw new Error(`Waited ${patienceMs} ms in vain`)
    await delay(5)
  }
}

/**
 * Looks until it holds, and answers how many ms that took; a rejection counts as not yet. Rejects after
 * `timeoutMs`: what starts a server must end it then.
 */
export async function untilTrue(
  holds: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 120_000,
): Promise<number> {
  for (const sinceMs = performance.now(); performance.now() - sinceMs < timeoutMs; await delay(20)) {
    if (await Promise.resolve(holds()).catch(() => false)) return Math.round(performance.now() - sinceMs)
  }
  throw new Error(`${what}: not within ${timeoutMs} ms`)
}
