import { setTimeout as delay } from 'node:timers/promises'
import { changeOwnedRange } from '../fence/change-owned-ranges.ts'
import { assignRange } from '../map/shard-map.ts'
import { createShardMapStore } from '../map/shard-map-store.ts'
import { lockMigrations } from '../migrations/shard-lock.ts'
import { checkSides } from './check-sides.ts'
import { cutRange, openRange, withRangeClosed } from './close-range.ts'
import { takeSnapshots } from './compare-rows.ts'
import { copyProgress, tablesToCopy } from './copy-progress.ts'
import { deleteRows } from './delete-rows.ts'
import { createLeasedMoveStore } from './leased-move-store.ts'
import { announceMap, mapOf, requireOn } from './map-of-move.ts'
import { type MoveCounts, type MoveStep, replicationName, type ShardMove } from './move.ts'
import type { MoveSide } from './move-session.ts'
import { publish, unpublish } from './publish.ts'
import { replicationAddress } from './replication-address.ts'
import type { StepContext, StepResult } from './step-context.ts'
import { subscribe, unsubscribe } from './subscribe.ts'
import { waitForMark } from './wait-for-mark.ts'

const lookMs = 250
/** With no more WAL than this left, in bytes, the rest arrives in a moment once writes have stopped. */
const nearBytes = 256 * 1024

/**
 * The work of each step. Each may run again from its beginning, by another process too, however far the first
 * run came.
 */
export const steps: Readonly<Record<MoveStep, (context: StepContext) => Promise<StepResult>>> = {
  async check({ source, target, move, tls, control }) {
    requireOn(await mapOf(control), move, source.shard)
    // A migration that began before the move was recorded ends first; later ones see the move.
    for (const { db } of [source, target]) await db.transaction().execute(lockMigrations)
    await checkSides(source, target, move, addressOf(source, move, tls))
    return { tables: await tablesToCopy(source.db, move) }
  },

  async publish({ source, move, signal }) {
    await cutRange(source, move, signal)
    await publish(source.db, move)
    return {}
  },

  async subscribe({ source, target, move, tls }) {
    return { subscription: await subscribe(target.db, move, addressOf(source, move, tls)) }
  },

  async copy({ source, target, move, signal, note }) {
    for (;;) {
      const { copied, ...counts } = await copyProgress(source.db, target.db, move)
      await note(counts)
      if (copied && counts.lagBytes! < nearBytes) return counts
      await delay(lookMs, undefined, { signal })
    }
  },

  /** Finds faults that would stop the switch, while nobody waits for it. */
  async rehearse(context) {
    const { source, target, move, control } = context
    let rehearsalPauseMs = 0
    const { version } = await mapOf(control)
    const snapshots = await withRangeClosed(
      { source, target, move, mapVersion: version },
      { ...context, onTry: why => context.note({}, why ?? null) },
      async fencedAtMs => {
        await context.onStep('rehearse', 'closed')
        const taken = await takeSnapshots(source, target)
        try {
          await changeOwnedRange(source.db, {
            from: move.from,
            to: move.to,
            state: 'owned',
            mapVersion: version,
          })
          rehearsalPauseMs = Date.now() - fencedAtMs
          return taken
        } catch (error) {
          await taken.close()
          throw error
        }
      },
    )
    try {
      return { rowsCompared: await snapshots.compare(move), rehearsalPauseMs }
    } finally {
      await snapshots.close()
    }
  },

  async fence(context) {
    const { source, target, move, control, runner, unfinished } = context
    const { version } = await mapOf(control)
    // A process that is slow to acknowledge shows up here, before the switch has to wait for it.
    await announceMap(context, version)
    let attempts = move.counts.attempts ?? 0
    const onTry = (why?: string) => context.note({ attempts: ++attempts }, why ?? null)
    return withRangeClosed<StepResult>(
      { source, target, move, mapVersion: version },
      { ...context, onTry },
      async fencedAtMs => {
        await context.onStep('fence', 'closed')
        const snapshots = await takeSnapshots(source, target)
        try {
          const rows = snapshots.compare(move)
          const compared = await answerWithin(context.bounds.compareMs, rows)
          const { from, to } = move
          await changeOwnedRange(target.db, { from, to, state: 'fenced', mapVersion: version })
          const counts = { fencedAtMs, attempts, ...(compared !== undefined && comparedAtSwitch(compared)) }
          // A cancellation that comes later than this finds the move switched.
          await createLeasedMoveStore(control, runner).advance(move, 'flip', counts)
          if (compared === undefined) unfinished.comparison = { rows, close: snapshots.close }
          else await snapshots.close()
          return 'recorded'
        } catch (error) {
          await snapshots.close()
          throw error
        }
      },
    )
  },

  async flip({ source, target, control, runner, move, bounds }) {
    const { from, to } = move
    const map = await mapOf(control)
    requireOn(map, move, source.shard)
    // The process that recorded the step may not have got the answer, and have opened the range again.
    await changeOwnedRange(source.db, {
      from,
      to,
      state: 'fenced',
      mapVersion: map.version,
      timeoutMs: bounds.fenceMs,
    })
    if (!(await waitForMark(source.db, target.db, move, bounds.arriveMs))) {
      await openRange(source, move, map.version)
      throw new Error(`The target did not catch up within ${bounds.arriveMs} ms of the fence`)
    }
    await control.transaction().execute(async trx => {
      const ranges = assignRange(map.ranges, { from, to, shard: target.shard })
      const change = await createShardMapStore(trx).change({
        ...{ expected: map.version, ranges, reason: `move ${move.id}` },
      })
      if (change.status === 'outdated') throw new Error('The shard map was changed at the same time')
      await createLeasedMoveStore(trx, runner).advance(move, 'announce', { mapVersion: change.map.version })
    })
    return 'recorded'
  },

  /** Reads at the source end here: afterwards a process without the new map has no lease. */
  async announce(context) {
    await announceMap(context, context.move.counts.mapVersion!)
    return {}
  },

  async open({ target, move }) {
    const { from, to, counts } = move
    await changeOwnedRange(target.db, { from, to, state: 'owned', mapVersion: counts.mapVersion! })
    return counts.fencedAtMs === undefined ? {} : { pauseMs: Date.now() - counts.fencedAtMs }
  },

  async retire({ source, target, move, unfinished }) {
    const { from, to, counts } = move
    try {
      const compared = await unfinished.comparison?.rows
      await unsubscribe(target.db, move)
      await unpublish(source.db, move)
      await changeOwnedRange(source.db, { from, to, state: 'none', mapVersion: counts.mapVersion! })
      return compared === undefined ? {} : comparedAtSwitch(compared)
    } finally {
      await unfinished.comparison?.close()
      delete unfinished.comparison
    }
  },

  async delete({ source, move, note, signal }) {
    let deletedRows = move.counts.deletedRows ?? 0
    await deleteRows(source.db, move, async rows => {
      deletedRows += rows
      await note({ deletedRows })
      signal.throwIfAborted()
    })
    return { deletedRows }
  },
}

function addressOf(source: MoveSide, move: ShardMove, tls: StepContext['tls']): string {
  return replicationAddress(source.shard, source.hosts, { name: replicationName(move), tls })
}

/** The answer if it comes in time. Otherwise the work goes on, and its promise can still be awaited later. */
async function answerWithin<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  work.catch(() => {})
  const timer = new AbortController()
  try {
    return await Promise.race([work, delay(ms, undefined, { signal: timer.signal }).catch(() => undefined)])
  } finally {
    timer.abort()
  }
}

const comparedAtSwitch = (rowsCompared: number): MoveCounts => ({ rowsCompared, comparedAtSwitch: true })
