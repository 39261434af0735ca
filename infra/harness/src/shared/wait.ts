import { setTimeout as delay } from 'node:timers/promises'

/** What was seen last, and whether it was what was waited for. */
export interface Waited<Seen> {
  readonly done: boolean
  readonly seen: Seen
}

/**
 * Looks until what it sees is done. Gives up when that has not changed for `patienceMs`: a slow system moves
 * on, a broken one does not.
 */
export async function waitWhileItMoves<Seen>(
  look: () => Seen | Promise<Seen>,
  {
    isDone,
    patienceMs,
    everyMs = 50,
  }: { isDone: (seen: Seen) => boolean; patienceMs: number; everyMs?: number },
): Promise<Waited<Seen>> {
  let before: string | undefined
  let movedAtMs = performance.now()
  for (;;) {
    const seen = await look()
    if (isDone(seen)) return { done: true, seen }
    const now = JSON.stringify(seen)
    if (now !== before) movedAtMs = performance.now()
    else if (performance.now() - movedAtMs >= patienceMs) return { done: false, seen }
    before = now
    await delay(everyMs)
  }
}
