import { type ControlDatabase, createAuditLog } from '@botyard/control-database'
import { beginMove, createMoveStore, type ShardMove } from '@botyard/shard-routing/moves'
import type { Actor } from '../actor.ts'
import {
  MoveConflictError,
  MoveRefusedError,
  MoveStateError,
  ShardAwayError,
  UnknownMoveError,
} from '../errors.ts'
import type { ShardDeps } from './shard-deps.ts'
import type { NewMoveBody } from './shard-schemas.ts'

/** Checks and records a move; the process that runs moves begins it within a moment. */
export async function startMove(deps: ShardDeps, actor: Actor, body: NewMoveBody): Promise<ShardMove> {
  const { from, to, split, ...shards } = body
  const wish = {
    ...shards,
    ...(from !== undefined && { from: BigInt(from) }),
    ...(to !== undefined && { to: BigInt(to) }),
    ...(split !== undefined && { split }),
  }
  const move = await answered(
    beginMove(deps.moves, wish, (trx, begun) => audit(trx, actor, 'shard.move', begun)),
  )
  deps.runner.wake()
  return move
}

/** Has a move undone that has not switched yet. */
export function cancelMove(deps: ShardDeps, actor: Actor, id: string): Promise<ShardMove> {
  return steer(deps, actor, 'shard.move_cancel', id)
}

/** Begins a move anew that was undone, or has one go on that stopped after its switch. */
export function resumeMove(deps: ShardDeps, actor: Actor, id: string): Promise<ShardMove> {
  return steer(deps, actor, 'shard.move_resume', id)
}

async function steer(
  { moves, runner }: ShardDeps,
  actor: Actor,
  action: 'shard.move_cancel' | 'shard.move_resume',
  id: string,
): Promise<ShardMove> {
  const move = await answered(
    moves.control.transaction().execute(async trx => {
      const store = createMoveStore(trx)
      const steered = await (action === 'shard.move_cancel' ? store.cancel(id) : store.resume(id))
      await audit(trx, actor, action, steered)
      return steered
    }),
  )
  runner.wake()
  return move
}

function audit(trx: ControlDatabase, actor: Actor, action: string, move: ShardMove): Promise<void> {
  const { id, source, target, from, to } = move
  return createAuditLog(trx).append({
    ...{ actor: actor.subject, role: actor.role, action, target: id },
    details: { source, target, from: String(from), to: String(to) },
  })
}

/** What the domain refuses, as the API says it. */
export async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const { code, message } = error as Error & { code?: string }
    if (code === 'SHD_MOVE_REFUSED') throw new MoveRefusedError(message)
    if (code === 'SHD_MOVE_CONFLICT') throw new MoveConflictError(message)
    if (code === 'SHD_MOVE_STATE') throw new MoveStateError(message)
    if (code === 'SHD_MOVE_UNKNOWN') throw new UnknownMoveError(message)
    if (code === 'SHD_UNAVAILABLE') throw new ShardAwayError(message)
    throw error
  }
}
