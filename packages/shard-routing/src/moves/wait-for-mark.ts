import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { ShardDatabase } from '../shard-schema.ts'
import type { ShardMove } from './move.ts'

const lookMs = 3

/**
 * Waits until the target has applied all that is committed at the source by now, `timeoutMs` at most;
 * false if it has not. The mark is told from those of earlier tries, and seeing it takes no feedback of the
 * target to the source, which may be a second late.
 */
export async function waitForMark(
  source: ShardDatabase,
  target: ShardDatabase,
  move: ShardMove,
  timeoutMs: number,
): Promise<boolean> {
  const mark = randomUUID()
  const deadline = performance.now() + timeoutMs
  await source
    .insertInto('move_marks')
    .values({ move: move.id, mark })
    .onConflict(oc => oc.column('move').doUpdateSet({ mark }))
    .execute()
  for (;;) {
    const row = await target
      .selectFrom('move_marks')
      .select('mark')
      .where('move', '=', move.id)
      .executeTakeFirst()
    if (row?.mark === mark) return true
    if (performance.now() > deadline) return false
    await delay(lookMs)
  }
}
