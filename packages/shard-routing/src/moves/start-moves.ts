import { createMoveStore } from './move-store.ts'
import { type MoveDeps, runMove } from './run-move.ts'

/** The moves of a deployment, as far as this process works on them. */
export interface MoveRunner {
  /** Looks for moves now rather than within half a second. */
  wake(): void
  /** Ends where it stands; another process may go on from there at once. */
  close(): Promise<void>
}

/** The moves of a process that died are free after this time, in ms: a crash closes a range for no longer. */
const defaultLeaseMs = 4_000
const lookEveryMs = 500

/**
 * Works on every move that is free. Many processes may do so at once: each move belongs to one process by a
 * lease in the control database, and by a lock in both shards.
 * @param process unique to this process, start and all
 */
export function startMoves(deps: MoveDeps, options: { process: string; leaseMs?: number }): MoveRunner {
  const { control, logger } = deps
  const { process, leaseMs = defaultLeaseMs } = options
  const store = createMoveStore(control)
  const runs = new Map<string, { ended: Promise<void>; stop: AbortController }>()
  let leasedAtMs = performance.now()
  let looking: Promise<void> | undefined
  let away = false
  let closed = false

  async function look(): Promise<void> {
    const askedAtMs = performance.now()
    const moves = await store.lease(process, leaseMs)
    leasedAtMs = askedAtMs
    away = false
    for (const [id, { stop }] of runs) if (!moves.some(move => move.id === id)) stop.abort()
    for (const { id } of moves) {
      if (closed || runs.has(id)) continue
      const stop = new AbortController()
      const ended = runMove(deps, process, id, stop.signal).finally(() => runs.delete(id))
      runs.set(id, { ended, stop })
    }
  }

  function lookSoon(): void {
    if (closed || looking !== undefined) return
    looking = look()
      .catch(err => {
        if (!away) logger.warn({ err }, 'moves cannot be looked for')
        away = true
        // Others may take them by now.
        if (performance.now() - leasedAtMs > leaseMs) for (const { stop } of runs.values()) stop.abort()
      })
      .finally(() => {
        looking = undefined
      })
  }

  const timer = setInterval(lookSoon, Math.min(lookEveryMs, leaseMs / 4))
  lookSoon()

  return {
    wake: lookSoon,
    async close() {
      closed = true
      clearInterval(timer)
      await looking
      for (const { stop } of runs.values()) stop.abort()
      await Promise.all([...runs.values()].map(run => run.ended))
      await store.giveBack(process).catch(err => logger.warn({ err }, 'moves not given back'))
    },
  }
}
