import { changeOwnedRange } from '../fence/change-owned-ranges.ts'
import { openRange } from './close-range.ts'
import { deleteRows } from './delete-rows.ts'
import type { MoveCounts, ShardMove } from './move.ts'
import type { MoveSide } from './move-session.ts'
import { unpublish } from './publish.ts'
import { subscriptionOf, unsubscribe } from './subscribe.ts'

/**
 * Takes back all that a move did before its switch: the source takes writes as before, and the target has
 * none of its rows. Can be run again from the beginning.
 */
export async function undoMove(context: {
  source: MoveSide
  target: MoveSide
  move: ShardMove
  note: (counts: MoveCounts) => Promise<void>
}): Promise<void> {
  const { source, target, move, note } = context
  const { from, to, step, counts } = move
  await openRange(source, move, 0)
  // Before the subscription is gone: the slots of unfinished copies are known by its oid.
  const subscription = (await subscriptionOf(target.db, move)) ?? counts.subscription
  if (subscription !== undefined && subscription !== counts.subscription) await note({ subscription })
  await unsubscribe(target.db, move)
  await unpublish(source.db, {
    ...move,
    counts: { ...counts, ...(subscription !== undefined && { subscription }) },
  })
  // Before that step the target has no rows of the move, and its own rows may be why the move was refused.
  if (step === 'check' || step === 'publish') return
  if (step === 'fence') await changeOwnedRange(target.db, { from, to, state: 'none', mapVersion: 0 })
  let deletedRows = counts.deletedRows ?? 0
  await deleteRows(target.db, move, async rows => {
    deletedRows += rows
    await note({ deletedRows })
  })
}
