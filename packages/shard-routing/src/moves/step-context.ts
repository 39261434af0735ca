import type { ControlDatabase } from '@botyard/control-database'
import type { Redis } from 'ioredis'
import type { ShardPoolSettings } from '../pool/shard-pool-settings.ts'
import type { ClosingBounds } from './close-range.ts'
import type { MoveCounts, MoveStep, ShardMove } from './move.ts'
import type { MoveSide } from './move-session.ts'

/** The surroundings of a step. */
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

/** Called when a range has been `closed`, when a step's work is `done`, and when that is `recorded`. */
export type OnStep = (step: MoveStep, phase: 'closed' | 'done' | 'recorded') => Promise<void>

/** The counts of a finished step, to be recorded with the next step; `recorded`: the step did so itself. */
export type StepResult = MoveCounts | 'recorded'
