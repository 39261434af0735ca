export { checkLayout, layoutVersion } from './check-layout.ts'
export type { Delivery, DeliveryOutcome } from './deliver/delivery.ts'
export { fullBatch } from './deliver/delivery-lane.ts'
export { createMailboxWriter, type MailboxWriter, type MailboxWriterOptions } from './deliver/writer.ts'
export type { Disposition, Reply } from './drain/disposition.ts'
export { startDrain } from './drain/drain.ts'
export type { Drain, DrainOptions } from './drain/drain-options.ts'
export { createHoldGuard, type HoldGuard } from './drain/hold-guard.ts'
export type { Mail } from './drain/mail.ts'
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
export { type Heartbeat, heartbeatTtlMs, startHeartbeat } from './process/heartbeat.ts'
export { type Culprit, createLastWords, type LastWords } from './process/last-words.ts'
export { type ProgressOptions, type ProgressWatch, watchProgress } from './process/watch-progress.ts'
export { newEntry } from './redis/entry.ts'
export { type Backlog, type Backlogs, readBacklog } from './steer/backlog.ts'
export { countKeyIds, type QueueKeyCounts } from './steer/count-key-ids.ts'
export { type DeadLetterMoverOptions, startDeadLetterMover } from './steer/dead-letter-mover.ts'
export { listParked, type Parked } from './steer/list-parked.ts'
export { type ParkedHead, readParked, unpark } from './steer/parked.ts'
export { readOrders, type StandingOrders } from './steer/read-orders.ts'
export { type Revival, revive } from './steer/revive.ts'
export { type BotOrder, steerBot } from './steer/steer-bot.ts'
export { startTurns, type Turns, type TurnsOptions } from './turns/turns.ts'
export { type SweeperOptions, startSweeper } from './wake/sweeper.ts'
export { createTokens, type Tokens } from './wake/tokens.ts'
