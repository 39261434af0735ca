import { setTimeout as delay } from 'node:timers/promises'
import type { Readiness } from './plan.ts'

/**
 * Answers undefined as soon as `/ready` says so several times in a row, or what it said last, when time is
 * up.
 */
export async function waitUntilReady(
  url: string,
  { successes, everyMs, withinMs }: Readiness,
  signal: AbortSignal,
): Promise<string | undefined> {
  const deadline = performance.now() + withinMs
  let inARow = 0
  for (;;) {
    const fault = await askReady(url, Math.max(everyMs, 1_000))
    if (fault !== undefined) inARow = 0
    else if (++inARow >= successes) return undefined
    if (performance.now() >= deadline) return fault ?? `ready only ${inARow} times in a row`
    await delay(everyMs, undefined, { signal })
  }
}

/** What keeps an instance from being ready; undefined if nothing does. */
export async function askReady(url: string, timeoutMs = 3_000): Promise<string | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' })
    const text = await answer.text()
    return answer.ok ? undefined : `/ready answers ${answer.status} ${text.slice(0, 300)}`
  } catch (error) {
    const { message, cause } = error as Error
    return `/ready does not answer: ${(cause as Error | undefined)?.message || message}`
  }
}
