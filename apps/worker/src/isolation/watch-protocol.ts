import type { RunningCode } from './running-code.ts'

/** What the watching thread is started with. */
export interface WatchData {
  readonly shared: SharedArrayBuffer
  readonly redisUrl: string
  readonly partitions: number
  /** The process's name as a holder. */
  readonly process: string
  readonly blockedMs: number
  readonly logLevel: string
}

/** Places in the shared memory, as an Int32Array. */
export const places = { beats: 0, hasSpoken: 1 } as const
export const sharedBytes = 8

/** The main thread's beats, and the looks of the thread at them, in ms. */
export const lookMs = 500

/**
 * Under this name the main thread has a function that says, as JSON, whose code runs; the thread calls it
 * by the inspector.
 */
export const whoRunsName = 'botyard.who-runs'

/** Sent to the thread when a bot's code ends the process. */
export interface ExitNotice {
  readonly code: Omit<RunningCode, 'fail'>
  readonly exitCode: number
}
