import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { MoveStep, ShardMove } from './move.ts'

/** The work of this process on moves; label values are steps, outcomes and shards. */
export interface MoveMetrics {
  stepped(step: MoveStep): void
  /** A server was away or a bound was passed, and the move tries again. */
  waited(): void
  /** Progress of a move in hand. */
  noted(move: ShardMove, facts: { lagBytes?: number; pauseMs?: number }): void
  ended(move: ShardMove, outcome: 'done' | 'cancelled' | 'failed'): void
}

/** Registers the metrics of a process that makes moves. */
export function createMoveMetrics(registry: Registry): MoveMetrics {
  const registers = [registry]
  const steps = new Counter({
    name: 'botyard_shard_move_steps_total',
    help: 'Steps of moves between shards that are done.',
    labelNames: ['step'],
    registers,
  })
  const waits = new Counter({
    name: 'botyard_shard_move_waits_total',
    help: 'Times that a move had to wait and try again.',
    registers,
  })
  const ends = new Counter({
    name: 'botyard_shard_moves_total',
    help: 'Moves between shards that have ended.',
    labelNames: ['outcome'],
    registers,
  })
  const pauses = new Histogram({
    name: 'botyard_shard_move_pause_seconds',
    help: 'How long the writes of a range were refused at its switch.',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30],
    registers,
  })
  const lag = new Gauge({
    name: 'botyard_shard_move_lag_bytes',
    help: 'WAL of the source that the target of a running move has yet to confirm.',
    labelNames: ['source', 'target'],
    registers,
  })
  for (const outcome of ['done', 'cancelled', 'failed']) ends.inc({ outcome }, 0)

  return {
    stepped: step => steps.inc({ step }),
    waited: () => waits.inc(),
    noted({ source, target }, { lagBytes, pauseMs }) {
      if (lagBytes !== undefined) lag.set({ source, target }, lagBytes)
      if (pauseMs !== undefined) pauses.observe(pauseMs / 1000)
    },
    ended({ source, target }, outcome) {
      ends.inc({ outcome })
      lag.remove({ source, target })
    },
  }
}
