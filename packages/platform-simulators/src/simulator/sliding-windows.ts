/** At most `count` of a name in any `ms`. */
export interface Window {
  readonly count: number
  readonly ms: number
}

/** Counts as platforms do: in windows that slide, each name for itself; what is refused does not count. */
export interface SlidingWindows {
  /** Takes one, or tells in how many ms there is room again. */
  take(
    name: string,
    nowMs: number,
  ): { readonly taken: true; readonly left: number } | { readonly waitMs: number }
}

/** Creates windows that all have to have room. */
export function createSlidingWindows(...windows: readonly [Window, ...Window[]]): SlidingWindows {
  const maxMs = Math.max(...windows.map(({ ms }) => ms))
  const names = new Map<string, number[]>()
  return {
    take(name, nowMs) {
      const times = names.get(name) ?? []
      const firstInside = times.findIndex(atMs => atMs > nowMs - maxMs)
      times.splice(0, firstInside < 0 ? times.length : firstInside)
      const waits = windows.map(({ count, ms }) => {
        const oldest = times.at(-count)
        return oldest === undefined ? 0 : oldest + ms - nowMs
      })
      const waitMs = Math.max(...waits)
      if (waitMs > 0) return { waitMs }
      times.push(nowMs)
      names.set(name, times)
      return { taken: true, left: Math.min(...windows.map(({ count }) => count)) - times.length }
    },
  }
}
