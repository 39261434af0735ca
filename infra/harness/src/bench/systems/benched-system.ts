import type { LoadTarget } from '../load/request-template.ts'

export const systemNames = ['botyard', 'recipe'] as const
export type SystemName = (typeof systemNames)[number]

export const fsyncPolicies = ['everysec', 'always'] as const
/** Redis's `appendfsync`; what Botyard calls relaxed and strict durability. */
export type FsyncPolicy = (typeof fsyncPolicies)[number]

/** What a system is started with. */
export interface StartOptions {
  readonly redisUrl: string
  readonly fsync: FsyncPolicy
  /** Where its logs go. */
  readonly directory: string
  /** Where its processors' profiles go, if they are to be taken. */
  readonly profiles: string | undefined
}

/** A gateway and a worker, up and ready for load. */
export interface BenchedSystem {
  readonly target: LoadTarget
  readonly pids: { readonly gateway: number; readonly worker: number }
  /** Updates the worker has handled and settled since its start. */
  handled(): Promise<number>
  close(): Promise<void>
}

/**
 * Both systems' workers get the same room, and enough of it: with fsync always a place is taken for as long as several fsyncs
 * take, and with 100 places Botyard's worker waited for places (a second behind at the end of a run), not for a processor.
 */
export const WORKER_CONCURRENCY = 300
/** Every limit counts and none is reached. */
export const UNREACHED_LIMIT = 1_000_000_000
export const WEBHOOK_SECRET = 'bench-4f1d6b0c9a7e'
