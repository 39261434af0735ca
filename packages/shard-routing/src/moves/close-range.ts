import { setTimeout as delay } from 'node:timers/promises'
import { changeOwnedRange, ownedRanges } from '../fence/change-owned-ranges.ts'
import type { ShardMove } from './move.ts'
import type { MoveSide } from './move-session.ts'
import { waitForMark } from './wait-for-mark.ts'

/** The bounds of a pause, in ms. */
export interface ClosingBounds {
  /** How long writers may keep a range from being fenced. */
  readonly fenceMs: number
  /** How long the target may take until it has all of it. */
  readonly arriveMs: number
  /** A comparison of rows that takes longer goes on while writes do. */
  readonly compareMs: number
}

export const closingBounds: ClosingBounds = { fenceMs: 1_000, arriveMs: 2_000, compareMs: 300 }

/**
 * Pauses between tries, in ms: a client with a long transaction must not meet a closed range again and again.
 */
const firstPauseMs = 250
const maxPauseMs = 5_000
const cutTimeoutMs = 300

/**
 * Gives the range a row of its own at the source, so that closing it later refuses the writes of no other
 * key. Does nothing if it has one.
 */
export async function cutRange(source: MoveSide, move: ShardMove, signal: AbortSignal): Promise<void> {
  const { from, to } = move
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
    const across = (await ownedRanges(source.db)).filter(
      owned => owned.from < to && from < owned.to && (owned.from < from || owned.to > to),
    )
    if (across.length === 0) return
    const mapVersion = Math.max(...across.map(owned => owned.mapVersion))
    try {
      await changeOwnedRange(source.db, { from, to, state: 'owned', mapVersion, timeoutMs: cutTimeoutMs })
    } catch (error) {
      if (!isBusy(error)) throw error
      await delay(pauseMs, undefined, { signal })
    }
  }
}

/**
 * Stops writes to the range and waits until the target has all of them, then runs `work`, whose answer is
 * returned with the time when writes were stopped. Opens the range again if `work` throws or one of the
 * bounds is passed, and then tries again after a pause.
 */
export async function withRangeClosed<T>(
  {
    source,
    target,
    move,
    mapVersion,
  }: { source: MoveSide; target: MoveSide; move: ShardMove; mapVersion: number },
  options: { bounds: ClosingBounds; signal: AbortSignal; onTry: (why?: string) => Promise<void> },
  work: (fencedAtMs: number) => Promise<T>,
): Promise<T> {
  const { bounds, signal, onTry } = options
  const { from, to } = move
  let why: string | undefined
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
    signal.throwIfAborted()
    await onTry(why)
    const fencedAtMs = Date.now()
    try {
      await changeOwnedRange(source.db, { from, to, state: 'fenced', mapVersion, timeoutMs: bounds.fenceMs })
      if (await waitForMark(source.db, target.db, move, bounds.arriveMs)) return await work(fencedAtMs)
      why = `the target did not catch up within ${bounds.arriveMs} ms of the fence`
    } catch (error) {
      await openRange(source, move, mapVersion)
      if (!isBusy(error)) throw error
      why = `a transaction that wrote to the range stayed open for ${bounds.fenceMs} ms`
    }
    await openRange(source, move, mapVersion)
    await delay(pauseMs, undefined, { signal })
  }
}

/** Has the source take writes again, as if nothing had been. */
export async function openRange(
  { db }: MoveSide,
  { from, to }: ShardMove,
  mapVersion: number,
): Promise<void> {
  const fenced = (await ownedRanges(db)).some(
    owned => owned.state === 'fenced' && owned.from < to && from < owned.to,
  )
  if (fenced) await changeOwnedRange(db, { from, to, state: 'owned', mapVersion })
}

function isBusy(error: unknown): boolean {
  return (error as { code?: unknown }).code === '55P03'
}
