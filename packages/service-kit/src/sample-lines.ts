/** Which log lines of a kind are written. */
export interface LineSampler {
  /**
   * How many lines of this kind were left out before this one, if it is to be written; undefined if it is
   * left out too.
   */
  sample(kind: string): number | undefined
}

/**
 * Lets so many lines of each kind through per window and counts the rest, so that refusals by the thousand
 * fill no disk. The first line of a later window says how many were left out; until then only the metrics
 * know.
 */
export function createLineSampler({
  max,
  windowMs,
  now = Date.now,
}: {
  max: number
  windowMs: number
  now?: () => number
}): LineSampler {
  const kinds = new Map<string, { window: number; written: number; leftOut: number }>()
  return {
    sample(kind) {
      const window = Math.floor(now() / windowMs)
      let count = kinds.get(kind)
      if (!count) {
        count = { window, written: 0, leftOut: 0 }
        kinds.set(kind, count)
      }
      if (count.window !== window) {
        count.window = window
        count.written = 0
      }
      if (count.written >= max) {
        count.leftOut++
        return undefined
      }
      count.written++
      const { leftOut } = count
      count.leftOut = 0
      return leftOut
    },
  }
}
