/** Moves a range of keys to another shard while everything runs. */
export { beginMove } from './begin-move.ts'
export { moveSteps, type ShardMove } from './move.ts'
export { createMoveMetrics } from './move-metrics.ts'
export { createMoveStore } from './move-store.ts'
export type { MoveDeps } from './run-move.ts'
export { type MoveRunner, startMoves } from './start-moves.ts'
