import type { LoadTarget } from '../load/request-template.ts'
import type { Pids } from './process-cpu.ts'

/**
 * Botyard as it is here, and as it was at another commit; the usual recipe; grammY in process, which stores
 * nothing.
 */
export const systemNames = ['botyard', 'release', 'recipe', 'grammy'] as const
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

/** What takes updates, up and ready for load. */
export interface ServedSystem {
  /** The webhook of a bot; default of the first. */
  targetOf(bot?: string): LoadTarget
  readonly pids: Pids
  close(): Promise<void>
}

/** One with a worker. */
export interface BenchedSystem extends ServedSystem {
  /** Updates the worker has handled and settled since its start. */
  handled(): Promise<number>
}

/**
 * Both systems' workers get the same room, and enough of it: with fsync always a place is taken for as long
 * as several fsyncs take, and with 100 places Botyard's worker waited for places (a second behind at the end
 * of a run), not for a processor.
 */
export const workerConcurrency = 300
/** Every limit counts and none is reached. */
export const unreachedLimit = 1_000_000_000
export const webhookSecret = 'bench-4f1d6b0c9a7e'
