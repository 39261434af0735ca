import type { ControlDatabase } from '@botyard/control-database'
import { sql } from 'kysely'
import { MoveLeaseLostError } from './errors.ts'
import { type MoveCounts, type MoveState, type MoveStep, openStates, type ShardMove } from './move.ts'

/**
 * The writes of the process that has leased a move. Each rejects with `MoveLeaseLostError` if the lease or
 * the state is gone.
 */
export interface LeasedMoveStore {
  /** Goes from one step to the next, unless the move has been cancelled meanwhile. */
  advance(move: ShardMove, to: MoveStep, counts?: MoveCounts): Promise<void>
  /**
   * Adds to the counts, if the state is still that of `move`; `error` says what the move waits for, `null`
   * for nothing.
   */
  note(move: ShardMove, facts: { counts?: MoveCounts; error?: string | null }): Promise<void>
  /** Has a move that cannot be made undone, to end as failed. */
  fail(move: ShardMove, error: string): Promise<void>
  end(move: ShardMove, state: 'done' | 'cancelled' | 'failed', error?: string): Promise<void>
}

/** The writes of the process `runner` to the moves that it has leased. */
export function createLeasedMoveStore(db: ControlDatabase, runner: string): LeasedMoveStore {
  async function write(
    move: ShardMove,
    set: Partial<Record<'step' | 'state', string>>,
    more: Facts,
    needs: Needs,
  ) {
    const { counts, error } = more
    const row = await db
      .updateTable('shard_moves')
      .set({
        ...(set as { state?: MoveState }),
        ...(counts && { counts: sql<string>`counts || ${JSON.stringify(counts)}::jsonb` }),
        ...(error !== undefined && { error }),
        ...(needs.ends && { ended_at: sql<Date>`now()`, runner: null, leased_until: null }),
        updated_at: sql<Date>`now()`,
      })
      .where('id', '=', move.id)
      .where('runner', '=', runner)
      .where('state', 'in', [...needs.states])
      .where('step', '=', move.step)
      .returning('id')
      .executeTakeFirst()
    if (!row) throw new MoveLeaseLostError(move.id)
  }

  return {
    advance: (move, to, counts) =>
      write(move, { step: to }, { ...(counts && { counts }), error: null }, { states: ['running'] }),
    note: (move, facts) => write(move, {}, facts, { states: [move.state] }),
    fail: (move, error) => write(move, { state: 'cancelling' }, { error }, { states: ['running'] }),
    end: (move, state, error) =>
      write(move, { state }, error === undefined ? {} : { error }, { states: openStates, ends: true }),
  }
}

interface Facts {
  counts?: MoveCounts
  error?: string | null
}

interface Needs {
  states: readonly MoveState[]
  ends?: boolean
}
