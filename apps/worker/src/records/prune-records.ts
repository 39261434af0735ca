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
 * Begins to delete what is past its time, each kind for itself. A shard that fails is pruned the next time;
 * its results reject, as each of the others may.
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
    pruneShards(from.userShards, doneBefore),
  ]
}

/** `each` goes on behind a shard that fails: nobody would hear of it. */
async function pruneShards(userShards: Pick<Shards, 'each'>, before: Date): Promise<void> {
  const results = await userShards.each(({ db }) => pruneOnceResults(db, before))
  const failed = results.filter(result => result.status === 'failed')
  if (failed.length === 0) return
  const names = failed.map(({ shard }) => shard).join(', ')
  throw new Error(`Old results of steps stay on ${names}`, { cause: failed[0]!.error })
}
