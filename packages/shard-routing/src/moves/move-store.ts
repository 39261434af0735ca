import { randomBytes } from 'node:crypto'
import type { ControlDatabase, ControlSchema } from '@botyard/control-database'
import { inTransaction, lockUntilCommit } from '@botyard/control-database/advisory-locks'
import { type Selectable, sql } from 'kysely'
import type { ShardRange } from '../map/shard-map.ts'
import { MoveConflictError, MoveLeaseLostError, MoveStateError, UnknownMoveError } from './errors.ts'
import { type MoveCounts, type MoveStep, type ShardMove, stepsBeforeSwitch } from './move.ts'

/** What is moved where. */
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
  /** Begins a move anew that was undone, or has one go on that stopped after its switch; throws `MoveStateError` for any other. */
  resume(id: string): Promise<ShardMove>
  /** Takes over the moves that nobody works on, and keeps one's own; all that are in the caller's hands now. */
  lease(runner: string, leaseMs: number): Promise<ShardMove[]>
  /** Gives its moves back, so that another process need not wait for the end of the lease. */
  giveBack(runner: string): Promise<void>
}

/** What whoever has leased a move writes; each throws `MoveLeaseLostError` if it does not belong to him, or not in that state. */
export interface LeasedMoveStore {
  /** Goes from one step to the next, unless it has been cancelled meanwhile. */
  advance(move: ShardMove, to: MoveStep, counts?: MoveCounts): Promise<void>
  /** Adds to the counts, if its state is still that of `move`; `error` is what it waits for, `null` if for nothing. */
  note(move: ShardMove, facts: { counts?: MoveCounts; error?: string | null }): Promise<void>
  /** It cannot be made: it is undone, and then ends as failed. */
  fail(move: ShardMove, error: string): Promise<void>
  end(move: ShardMove, state: 'done' | 'cancelled' | 'failed', error?: string): Promise<void>
}

type Row = Selectable<ControlSchema['shard_moves']>

const open = ['running', 'cancelling'] as const

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
      const rows = await db.selectFrom('shard_moves').selectAll().orderBy('created_at', 'desc').limit(limit).execute()
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
        .where('state', 'in', open)
        .where(eb =>
          eb.or([eb('runner', 'is', null), eb('runner', '=', runner), eb('leased_until', '<', sql<Date>`now()`)]),
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
        .where('state', 'in', open)
        .execute()
    },
  }
}

/** What the process `runner` writes of the moves that it has leased. */
export function createLeasedMoveStore(db: ControlDatabase, runner: string): LeasedMoveStore {
  async function write(move: ShardMove, set: Partial<Record<'step' | 'state', string>>, more: Facts, needs: Needs) {
    const { counts, error } = more
    const row = await db
      .updateTable('shard_moves')
      .set({
        ...(set as { state?: Row['state'] }),
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
      write(move, { state }, error === undefined ? {} : { error }, { states: open, ends: true }),
  }
}

interface Facts {
  counts?: MoveCounts
  error?: string | null
}

interface Needs {
  states: readonly Row['state'][]
  ends?: boolean
}

async function requireFree(trx: ControlDatabase, shards: readonly string[]): Promise<void> {
  const others = await trx
    .selectFrom('shard_moves')
    .select(['id', 'source', 'target'])
    .where('state', 'in', open)
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
