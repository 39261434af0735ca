import type { Logger } from 'pino'
import type { Grace } from './grace.ts'
import type { WorkerMetrics } from './metrics.ts'

/** What inbox and outbox are both told. */
export interface BoxOptions {
  readonly partitions: number
  /** Handlers that run, or replies that are sent, at once. */
  readonly concurrency: number
  /** Shared by both, as they end one after the other. */
  readonly grace: Grace
  readonly logger: Logger
  readonly metrics: WorkerMetrics
  readonly onTrouble: (error: unknown) => void
}
