export { type Backlog, readBacklog } from './backlog.ts'
export { countKeyIds, type QueueKeyCounts } from './count-key-ids.ts'
export { type DeadLetterMoverOptions, startDeadLetterMover } from './dead-letter-mover.ts'
export type { Delivery } from './delivery.ts'
export { type Drain, type DrainOptions, startDrain } from './drain.ts'
export { createDrainQueues, type DrainQueues } from './drain-queues.ts'
export { newEntry } from './entry.ts'
export { CrashedError, HandlerTimeoutError, HoldLostError, MailboxUnavailableError, ShutdownError } from './errors.ts'
export { type Heartbeat, heartbeatTtlMs, startHeartbeat } from './heartbeat.ts'
export { listParked, type Parked } from './list-parked.ts'
export type { Mail } from './mail.ts'
export { type ParkedHead, readParked, unpark } from './parked.ts'
export { Slots } from './slots.ts'
export { type SweeperOptions, startSweeper } from './sweeper.ts'
export type { Verdict } from './verdict.ts'
export { type ProgressOptions, type ProgressWatch, watchProgress } from './watch-progress.ts'
export {
  createMailboxWriter,
  type DeliveryOutcome,
  fullBatch,
  type MailboxWriter,
  type MailboxWriterOptions,
} from './writer.ts'
