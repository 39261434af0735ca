import { setTimeout as delay } from 'node:timers/promises'
import type { ControlDatabase } from '@botyard/control-database'
import type { Shard, ShardStore } from '@botyard/control-database/shards'
import type { Redis } from 'ioredis'
import { type ClosingBounds, closingBounds, openRange } from './close-range.ts'
import { describeFailure } from './describe-failure.ts'
import { MoveFailedError, MoveLeaseLostError, MoveRefusedError } from './errors.ts'
import { createLeasedMoveStore } from './leased-move-store.ts'
import { type ShardMove, stepAfter, stepsBeforeSwitch } from './move.ts'
import type { MoveMetrics } from './move-metrics.ts'
import { type MoveSide, type SessionDeps, withSide } from './move-session.ts'
import { steps } from './move-steps.ts'
import { createMoveStore } from './move-store.ts'
import type { OnStep, StepContext } from './step-context.ts'
import { undoMove } from './undo-move.ts'

/** The dependencies of moving keys. */
export interface MoveDeps extends SessionDeps {
  readonly control: ControlDatabase
  readonly shards: Pick<ShardStore, 'list'>
  /** Where a new map is announced. */
  readonly redis: Redis
  readonly metrics?: MoveMetrics
  readonly bounds?: ClosingBounds
  /** Called where tests let the process crash. */
  readonly onStep?: OnStep
}

const firstPauseMs = 200
const maxPauseMs = 10_000

/**
 * Works on a move that `runner` has leased until the move has ended, another process has it, or `signal` is
 * aborted. Waits for servers that are away; records an error that waiting does not mend, and has the move
 * undone. Never rejects.
 */
export async function runMove(
  deps: MoveDeps,
  runner: string,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const { control, logger } = deps
  const unfinished: StepContext['unfinished'] = {}
  for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
    try {
      const move = await createMoveStore(control).get(id)
      if (move.runner !== runner || move.endedAt !== null) break
      await runOn(deps, { runner, signal, unfinished }, move)
      pauseMs = firstPauseMs
    } catch (err) {
      if (signal.aborted) break
      if (err instanceof MoveLeaseLostError) continue
      logger.warn({ move: id, err }, 'move waits')
      await recordFailure(deps, runner, id, err)
      await delay(pauseMs, undefined, { signal }).catch(() => {})
    }
  }
  await unfinished.comparison?.close()
  logger.info({ move: id }, "move left: it has ended, or is another process's")
}

type Run = Pick<StepContext, 'runner' | 'signal' | 'unfinished'>

async function runOn(deps: MoveDeps, run: Run, move: ShardMove): Promise<void> {
  const shards = await deps.shards.list()
  const find = (id: string): Shard => {
    const shard = shards.find(shard => shard.id === id)
    if (shard === undefined) throw new Error(`The shard ${id} is not registered any more`)
    return shard
  }
  await withSide(find(move.source), deps, source =>
    withSide(find(move.target), deps, target =>
      move.state === 'cancelling'
        ? undo(deps, run, move, source, target)
        : goOn(deps, run, move, source, target),
    ),
  )
}

/** Step by step to the end. */
async function goOn(
  deps: MoveDeps,
  run: Run,
  move: ShardMove,
  source: MoveSide,
  target: MoveSide,
): Promise<void> {
  const { control, logger, redis, settings, metrics, onStep = async () => {}, bounds = closingBounds } = deps
  const store = createLeasedMoveStore(control, run.runner)
  // The process that worked on it before may have died with the range closed.
  if (stepsBeforeSwitch.includes(move.step)) await openRange(source, move, 0)
  for (let now = move; now.endedAt === null; now = await createMoveStore(control).get(move.id)) {
    run.signal.throwIfAborted()
    const { step } = now
    logger.info({ move: now.id, step }, 'move step begins')
    const result = await steps[step]({
      ...{ ...run, control, redis, bounds, onStep, source, target, move: now, tls: settings?.tls },
      async note(counts, error) {
        metrics?.noted(now, counts)
        await store.note(now, { counts, ...(error !== undefined && { error }) })
      },
    })
    metrics?.stepped(step)
    await onStep(step, 'done')
    if (result !== 'recorded') {
      metrics?.noted(now, result)
      const next = stepAfter(step)
      if (next !== undefined) await store.advance(now, next, result)
      else {
        await store.note(now, { counts: result, error: null })
        await store.end(now, 'done')
        metrics?.ended(now, 'done')
        logger.info({ move: now.id }, 'move done')
      }
    }
    await onStep(step, 'recorded')
  }
}

async function undo(
  deps: MoveDeps,
  run: Run,
  move: ShardMove,
  source: MoveSide,
  target: MoveSide,
): Promise<void> {
  const { control, logger, metrics } = deps
  const store = createLeasedMoveStore(control, run.runner)
  await undoMove({ source, target, move, note: counts => store.note(move, { counts }) })
  // The error of a failed move is kept; a cancellation has cleared it.
  const state = move.error === null ? 'cancelled' : 'failed'
  await store.end(move, state)
  metrics?.ended(move, state)
  logger.info({ move: move.id, state }, 'move undone')
}

/**
 * Before the switch, an error that waiting does not mend has the move undone; after it, a person must look.
 */
async function recordFailure(deps: MoveDeps, runner: string, id: string, error: unknown): Promise<void> {
  const { control, logger, metrics } = deps
  const store = createLeasedMoveStore(control, runner)
  const message = describeFailure(error)
  metrics?.waited()
  try {
    const move = await createMoveStore(control).get(id)
    const hopeless = error instanceof MoveFailedError || error instanceof MoveRefusedError
    if (!hopeless) return await store.note(move, { ...(move.state === 'running' && { error: message }) })
    if (stepsBeforeSwitch.includes(move.step)) return await store.fail(move, message)
    await store.end(move, 'failed', message)
    metrics?.ended(move, 'failed')
    logger.error({ move: id, err: error }, 'move stopped after its switch')
  } catch (err) {
    // The control database is away, or another process has the move: the next look tells.
    logger.warn({ move: id, err }, 'trouble of a move not recorded')
  }
}
