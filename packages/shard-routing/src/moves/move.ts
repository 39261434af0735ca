/**
 * The steps of a move, in order: what `step` names is done next, and again after a crash. Up to `fence` a
 * move can be cancelled; `flip` is the switch.
 */
export const moveSteps = [
  'check',
  'publish',
  'subscribe',
  'copy',
  'rehearse',
  'fence',
  'flip',
  'announce',
  'open',
  'retire',
  'delete',
] as const
export type MoveStep = (typeof moveSteps)[number]

export type MoveState = 'running' | 'cancelling' | 'done' | 'cancelled' | 'failed'

/** The states of a move that has not ended. */
export const openStates = ['running', 'cancelling'] as const

/** How far the copy of one table is. */
export interface TableProgress {
  /** The planner's guess of the rows to copy. */
  readonly rows: number
  readonly copiedRows: number
  readonly copiedBytes: number
  /** Copied, and kept up to date since. */
  readonly ready: boolean
}

/** The counts of a move so far, stored with it. */
export interface MoveCounts {
  /**
   * The subscription's oid at the target: the slots that Postgres makes for it at the source are named by it.
   */
  readonly subscription?: number
  readonly tables?: Readonly<Record<string, TableProgress>>
  /** WAL of the source that the target has not confirmed, in bytes. */
  readonly lagBytes?: number
  /** Times the target failed to apply or to copy: Postgres tries again by itself, its log says why. */
  readonly applyErrors?: number
  /** Rows compared by the last comparison that came out even. */
  readonly rowsCompared?: number
  /**
   * Whether the rows as they were at the switch were compared too, rather than only those at the rehearsal.
   */
  readonly comparedAtSwitch?: boolean
  /** How often the switch was tried: a transaction that stays open has it begin anew. */
  readonly attempts?: number
  /** When writes to the range were stopped, in ms since 1970. */
  readonly fencedAtMs?: number
  /** How long the writes of the range were refused at the switch. */
  readonly pauseMs?: number
  /** The same at the rehearsal. */
  readonly rehearsalPauseMs?: number
  /** The map that gives the range to the target. */
  readonly mapVersion?: number
  /** Rows deleted that had been moved away. */
  readonly deletedRows?: number
}

/** A range of keys on its way from one shard to another. */
export interface ShardMove {
  readonly id: string
  readonly source: string
  readonly target: string
  readonly from: bigint
  readonly to: bigint
  readonly step: MoveStep
  readonly state: MoveState
  readonly counts: MoveCounts
  /** The error that it failed with, or the reason why it waits. */
  readonly error: string | null
  /** The process that works on it. */
  readonly runner: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly endedAt: Date | null
}

/** Steps that leave everything as it was when they are undone. */
export const stepsBeforeSwitch: readonly MoveStep[] = moveSteps.slice(0, moveSteps.indexOf('flip'))

/** The step behind one; the last has none. */
export function stepAfter(step: MoveStep): MoveStep | undefined {
  return moveSteps[moveSteps.indexOf(step) + 1]
}

/** How publication, slot and subscription of a move are called; ids are of letters and digits. */
export function replicationName(move: Pick<ShardMove, 'id'>): string {
  return `botyard_move_${move.id}`
}
