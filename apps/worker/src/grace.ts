/** The time that a shutdown leaves to what is under way, handlers and sends together. */
export interface Grace {
  /** What is left of it, in ms; its time begins with the first who asks. */
  leftMs(): number
}

/**
 * Handlers may take all of the grace; their last replies have this much nevertheless, in ms, if there is any
 * grace at all.
 */
const leastMs = 2_000

/** Makes the grace of one shutdown, of `totalMs` from its beginning. */
export function createGrace(totalMs: number, now = () => performance.now()): Grace {
  let endsAt: number | undefined
  return {
    leftMs() {
      endsAt ??= now() + totalMs
      return Math.max(endsAt - now(), Math.min(leastMs, totalMs))
    },
  }
}
