import type { DeadLetterStore } from '@botyard/control-database'
import type { BroadcastStore } from '@botyard/control-database/broadcasts'
import { pruneOnceResults, type Shards } from '@botyard/shard-routing'

/** How long dead letters, and broadcasts that ended, are kept in the control database, in ms. */
const recordsKeptMs = 30 * 24 * 60 * 60 * 1000

/**
 * No platform sends an update again after that time, and no worker tries one again but a parked one, in ms.
 */
const onceResultsKeptMs = 7 * 24 * 60 * 60 * 1000

/**
 * Begins to delete what is past its time, each kind for itself. A shard that is away is pruned the next time.
 */
export function pruneRecords(
  from: {
    readonly broadcasts: Pick<BroadcastStore, 'prune'>
    readonly deadLetters: Pick<DeadLetterStore, 'prune'>
    readonly userShards: Pick<Shards, 'each'>
  },
  nowMs: number,
): readonly Promise<unknown>[] {
  const before = new Date(nowMs - recordsKeptMs)
  const doneBefore = new Date(nowMs - onceResultsKeptMs)
  return [
    from.deadLetters.prune(before),
    from.broadcasts.prune(before),
    from.userShards.each(({ db }) => pruneOnceResults(db, doneBefore)),
  ]
}
