import { setTimeout as delay } from 'node:timers/promises'
import type { ControlDatabase } from '@botyard/control-database'
import { announceShardChange } from '@botyard/control-database/notices'
import type { Redis } from 'ioredis'
import { changeOwnedRange } from '../fence/change-owned-ranges.ts'
import { assignRange, type ShardMap, shardOf } from '../map/shard-map.ts'
import { createShardMapStore } from '../map/shard-map-store.ts'
import { lockMigrations } from '../migrations/shard-lock.ts'
import type { ShardPoolSettings } from '../pool/shard-pool-settings.ts'
import { checkSides } from './check-sides.ts'
import { type ClosingBounds, cutRange, openRange, withRangeClosed } from './close-range.ts'
import { takeSnapshots } from './compare-rows.ts'
import { copyProgress, tablesToCopy } from './copy-progress.ts'
import { deleteRows } from './delete-rows.ts'
import { MoveFailedError } from './errors.ts'
import { type MoveCounts, type MoveStep, replicationName, type ShardMove } from './move.ts'
import type { MoveSide } from './move-session.ts'
import { createLeasedMoveStore } from './move-store.ts'
import { publish, unpublish } from './publish.ts'
import { replicationAddress } from './replication-address.ts'
import { subscribe, unsubscribe } from './subscribe.ts'
import { waitForMark } from './wait-for-mark.ts'

/** What a step works with. */
export interface StepContext {
  readonly control: ControlDatabase
  readonly redis: Redis
  readonly runner: string
  readonly tls: ShardPoolSettings['tls']
  readonly bounds: ClosingBounds
  readonly move: ShardMove
  readonly source: MoveSide
  readonly target: MoveSide
  readonly signal: AbortSignal
  /** Adds to the counts; throws `MoveLeaseLostError`. */
  note(counts: MoveCounts, error?: string | null): Promise<void>
  readonly onStep: OnStep
  /** The comparison that the switch did not wait for, if it was this process that switched. */
  readonly unfinished: { comparison?: { readonly rows: Promise<number>; close(): Promise<void> } }
}

/** Told when a range has been `closed`, when a step's work is `done`, and when that is `recorded`. */
export type OnStep = (step: MoveStep, phase: 'closed' | 'done' | 'recorded') => Promise<void>

/** What a step came to, to be recorded with the next one; `recorded`: it did that itself. */
export type StepResult = MoveCounts | 'recorded'

const lookMs = 250
/** So near that the rest arrives in a moment once writes have stopped, in bytes of WAL. */
const nearBytes = 256 * 1024
/** More than a lease of the directories. */
const announceTimeoutMs = 8_000

/** What each step does. Each may be run again from its beginning, by another process too, whatever the first run got done. */
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

  /** Finds what would go wrong at the switch while there still is all the time in the world. */
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
          await changeOwnedRange(source.db, { from: move.from, to: move.to, state: 'owned', mapVersion: version })
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
    // Nobody who is slow to hear of changes now may be the one whom the switch waits for.
    await announce(context, version)
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
          const compared = await within(context.bounds.compareMs, rows)
          const { from, to } = move
          await changeOwnedRange(target.db, { from, to, state: 'fenced', mapVersion: version })
          const counts = { fencedAtMs, attempts, ...(compared !== undefined && comparedAtSwitch(compared)) }
          // The last moment for a word that cancels it.
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
    // Whoever recorded the step may not have heard that he did, and have opened the range again.
    await changeOwnedRange(source.db, { from, to, state: 'fenced', mapVersion: map.version, timeoutMs: bounds.fenceMs })
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

  /** Reads at the source end here: a process that has not heard of the map has no lease when this is over. */
  async announce(context) {
    await announce(context, context.move.counts.mapVersion!)
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

async function mapOf(control: ControlDatabase): Promise<ShardMap> {
  const map = await createShardMapStore(control).current()
  if (map === undefined) throw new MoveFailedError('There is no shard map')
  return map
}

/** Throws `MoveFailedError` unless all keys of the range are on that shard by the map. */
function requireOn(map: ShardMap, { from, to }: { from: bigint; to: bigint }, shard: string): void {
  const whole = map.ranges.some(range => range.shard === shard && range.from <= from && to <= range.to)
  if (!whole)
    throw new MoveFailedError(`Not all of the range is on ${shard}: its first key is on ${shardOf(map, from)}`)
}

function addressOf(source: MoveSide, move: ShardMove, tls: StepContext['tls']): string {
  return replicationAddress(source.shard, source.hosts, { name: replicationName(move), tls })
}

/** Waits until every process routes by that map or by none; for as long as it takes. */
async function announce({ redis, note, signal }: StepContext, change: number): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    const announced = await announceShardChange({ redis, change, timeoutMs: announceTimeoutMs })
    if (announced.status === 'acknowledged') return
    await note({}, `these processes have not heard of the map: ${announced.members.join(', ')}`)
  }
}

/** The answer if it comes in time; the work goes on, and whoever waits for it later hears what became of it. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  work.catch(() => {})
  const timer = new AbortController()
  try {
    return await Promise.race([work, delay(ms, undefined, { signal: timer.signal }).catch(() => undefined)])
  } finally {
    timer.abort()
  }
}

const comparedAtSwitch = (rowsCompared: number): MoveCounts => ({ rowsCompared, comparedAtSwitch: true })
