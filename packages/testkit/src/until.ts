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
    const waitedMs = performance.now() - sinceMs
    if (waitedMs > patienceMs) throw new Error(`Waited ${patienceMs} ms in vain`)
    await delay(pauseMs(waitedMs))
  }
}

/**
 * A look may ask an app for its metrics: hundreds a second would take the processor from what is waited for.
 * So who has waited for long looks more rarely, and is late by a twentieth at most.
 */
function pauseMs(waitedMs: number): number {
  return Math.min(Math.max(5, waitedMs / 20), 250)
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
  const sinceMs = performance.now()
  for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs = performance.now() - sinceMs) {
    if (await Promise.resolve(holds()).catch(() => false)) return Math.round(performance.now() - sinceMs)
    await delay(pauseMs(waitedMs))
  }
  throw new Error(`${what}: not within ${timeoutMs} ms`)
}
