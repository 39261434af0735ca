/** A clock that ticks while there is work. */
export interface WorkClock {
  /** There is work. */
  start(): void
  close(): void
}

/**
 * Calls `tick`, which never throws, every `ms` from `start` on, until it says that there is no more work: so
 * an idle process is not woken. It stops at a tick and not with the last work, as work comes and goes far
 * more often than it ticks.
 */
export function createWorkClock(ms: number, tick: () => boolean): WorkClock {
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  function stop(): void {
    clearInterval(timer)
    timer = undefined
  }

  return {
    start() {
      if (isClosed) return
      // Never throws, as `tick` does not.
      timer ??= setInterval(() => {
        if (!tick()) stop()
      }, ms)
    },
    close() {
      isClosed = true
      stop()
    },
  }
}
