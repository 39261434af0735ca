export { type Backlog, type Backlogs, readBacklog } from './backlog.ts'
export { checkLayout, layoutVersion } from './check-layout.ts'
export { countKeyIds, type QueueKeyCounts } from './count-key-ids.ts'
export { type DeadLetterMoverOptions, startDeadLetterMover } from './dead-letter-mover.ts'
export type { Delivery, DeliveryOutcome } from './delivery.ts'
export { fullBatch } from './delivery-lane.ts'
export type { Disposition, Reply } from './disposition.ts'
export { startDrain } from './drain.ts'
export type { Drain, DrainOptions } from './drain-options.ts'
export { newEntry } from './entry.ts'
export {
  CrashedError,
  HandlerTimeoutError,
  HoldLostError,
  HoldUnconfirmedError,
  MailboxFullError,
  MailboxUnavailableError,
  OldLayoutError,
  PoisonedTurnError,
  ShutdownError,
} from './errors.ts'
export { type Heartbeat, heartbeatTtlMs, startHeartbeat } from './heartbeat.ts'
export { createHoldGuard, type HoldGuard } from './hold-guard.ts'
export { type Culprit, createLastWords, type LastWords } from './last-words.ts'
export { listParked, type Parked } from './list-parked.ts'
export type { Mail } from './mail.ts'
export { type ParkedHead, readParked, unpark } from './parked.ts'
export { readGroups } from './read-groups.ts'
export { type Revival, revive } from './revive.ts'
export { type BotOrder, steerBot } from './steer-bot.ts'
export { type SweeperOptions, startSweeper } from './sweeper.ts'
export { createTokens, type Tokens } from './tokens.ts'
export { startTurns, type Turns, type TurnsOptions } from './turns.ts'
export { type ProgressOptions, type ProgressWatch, watchProgress } from './watch-progress.ts'
export { createMailboxWriter, type MailboxWriter, type MailboxWriterOptions } from './writer.ts'
