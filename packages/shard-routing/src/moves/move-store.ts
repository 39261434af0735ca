import { randomBytes } from 'node:crypto'
import type { ControlDatabase, ControlSchema } from '@botyard/control-database'
import { inTransaction, lockUntilCommit } from '@botyard/control-database/advisory-locks'
import { type Selectable, sql } from 'kysely'
import type { ShardRange } from '../map/shard-map.ts'
import { MoveConflictError, MoveStateError, UnknownMoveError } from './errors.ts'
import { type MoveCounts, type MoveStep, openStates, type ShardMove, stepsBeforeSwitch } from './move.ts'

/** A move to be recorded. */
export interface NewMove {
  /** Its keys, and the shard that has them now. */
  readonly range: ShardRange
  readonly target: string
}

/** The moves of ranges in the control database: each step is recorded there before the next begins. */
export interface MoveStore {
  /** Throws `MoveConflictError` while one of the shards takes part in another move. */
  insert(move: NewMove): Promise<ShardMove>
  /** Throws `MoveConflictError` while one of these shards takes part in a move. */
  requireFree(shards: readonly string[]): Promise<void>
  /** Throws `UnknownMoveError`. */
  get(id: string): Promise<ShardMove>
  /** The newest first. */
  list(limit: number): Promise<ShardMove[]>
  /** Has a move undone; throws `MoveStateError` once its switch has begun. */
  cancel(id: string): Promise<ShardMove>
  /**
   * Begins a move anew that was undone, or has one go on that stopped after its switch; throws
   * `MoveStateError` for any other.
   */
  resume(id: string): Promise<ShardMove>
  /**
   * Takes over the moves that nobody works on, and keeps one's own; all that are in the caller's hands now.
   */
  lease(runner: string, leaseMs: number): Promise<ShardMove[]>
  /** Gives its moves back, so that another process need not wait for the end of the lease. */
  giveBack(runner: string): Promise<void>
}

type Row = Selectable<ControlSchema['shard_moves']>

/** The shard_moves table; writes join the transaction of `db`, if it is one. */
export function createMoveStore(db: ControlDatabase): MoveStore {
  async function refusal(id: string, problem: (move: ShardMove) => string): Promise<Error> {
    const row = await db.selectFrom('shard_moves').selectAll().where('id', '=', id).executeTakeFirst()
    return row ? new MoveStateError(id, problem(moveOf(row))) : new UnknownMoveError(id)
  }

  return {
    insert: ({ range: { from, to, shard }, target }) =>
      inTransaction(db, async trx => {
        await lockUntilCommit(trx, 'shardChanges')
        await requireFree(trx, [shard, target])
        const row = await trx
          .insertInto('shard_moves')
          .values({
            ...{ id: randomBytes(5).toString('hex'), source: shard, target, state: 'running', step: 'check' },
            ...{ from_key: String(from), to_key: String(to) },
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        return moveOf(row)
      }),

    requireFree: shards => requireFree(db, shards),

    async get(id) {
      const row = await db.selectFrom('shard_moves').selectAll().where('id', '=', id).executeTakeFirst()
      if (!row) throw new UnknownMoveError(id)
      return moveOf(row)
    },

    async list(limit) {
      const rows = await db
        .selectFrom('shard_moves')
        .selectAll()
        .orderBy('created_at', 'desc')
        .limit(limit)
        .execute()
      return rows.map(moveOf)
    },

    async cancel(id) {
      const row = await db
        .updateTable('shard_moves')
        .set({ state: 'cancelling', error: null, updated_at: sql<Date>`now()` })
        .where('id', '=', id)
        .where('state', '=', 'running')
        .where('step', 'in', [...stepsBeforeSwitch])
        .returningAll()
        .executeTakeFirst()
      if (row) return moveOf(row)
      throw await refusal(id, move =>
        move.state === 'running'
          ? 'has switched already: it can only go on. Move the keys back when it is done'
          : `is not running: it is ${move.state}`,
      )
    },

    resume: id =>
      inTransaction(db, async trx => {
        await lockUntilCommit(trx, 'shardChanges')
        const row = await trx.selectFrom('shard_moves').selectAll().where('id', '=', id).executeTakeFirst()
        if (row?.state === 'running') return moveOf(row)
        if (row?.state !== 'cancelled' && row?.state !== 'failed')
          throw await refusal(id, move => `is ${move.state}: there is nothing to resume`)
        await requireFree(trx, [row.source, row.target])
        const anew = stepsBeforeSwitch.includes(row.step as MoveStep) ? { step: 'check', counts: '{}' } : {}
        const begun = await trx
          .updateTable('shard_moves')
          .set({ ...anew, state: 'running', error: null, ended_at: null, runner: null, leased_until: null })
          .set({ updated_at: sql<Date>`now()` })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow()
        return moveOf(begun)
      }),

    async lease(runner, leaseMs) {
      const rows = await db
        .updateTable('shard_moves')
        .set({ runner, leased_until: sql<Date>`now() + ${leaseMs} * interval '1 millisecond'` })
        .where('state', 'in', openStates)
        .where(eb =>
          eb.or([
            eb('runner', 'is', null),
            eb('runner', '=', runner),
            eb('leased_until', '<', sql<Date>`now()`),
          ]),
        )
        .returningAll()
        .execute()
      return rows.map(moveOf)
    },

    async giveBack(runner) {
      await db
        .updateTable('shard_moves')
        .set({ runner: null, leased_until: null })
        .where('runner', '=', runner)
        .where('state', 'in', openStates)
        .execute()
    },
  }
}

async function requireFree(trx: ControlDatabase, shards: readonly string[]): Promise<void> {
  const others = await trx
    .selectFrom('shard_moves')
    .select(['id', 'source', 'target'])
    .where('state', 'in', openStates)
    .execute()
  for (const { id, source, target } of others) {
    const taken = shards.find(shard => shard === source || shard === target)
    if (taken !== undefined) throw new MoveConflictError(taken, id)
  }
}

function moveOf(row: Row): ShardMove {
  return {
    id: row.id,
    source: row.source,
    target: row.target,
    from: BigInt(row.from_key),
    to: BigInt(row.to_key),
    step: row.step as MoveStep,
    state: row.state,
    counts: row.counts as MoveCounts,
    error: row.error,
    runner: row.runner,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    endedAt: row.ended_at,
  }
}
