import { createHash } from 'node:crypto'
import type { ConversationKey } from '@botyard/queue-contracts'

/** One update of the run: number `n` of its conversation, counted from 1. */
export interface ChaosUpdate {
  readonly conversation: ConversationKey
  readonly n: number
}

/** What the conductor asks a writer process. */
export interface WriteRequest extends ChaosUpdate {
  readonly id: number
}

/** What it answers: `outcome` of the delivery, or that it could not be promised. */
export interface WriteAnswer {
  readonly id: number
  readonly outcome: string | undefined
}

/** What a worker process tells the conductor, who is the platform, too. */
export interface WorkerNews {
  /** A handler began. */
  readonly ran?: ChaosUpdate
  /** A reply of an update left, and whether it was marked as one that may have left before. */
  readonly sent?: ChaosUpdate & { readonly reply: number; readonly interrupted: boolean }
  /** Something failed that is said to mend by itself. */
  readonly trouble?: string
}

/** How a process of the run is started. */
export interface ProcessArguments {
  readonly url: string
  readonly partitions: number
  /** How far its clock is wrong. */
  readonly skewMs: number
}

/** As the arguments of a process. */
export function argumentsOf({ url, partitions, skewMs }: ProcessArguments): string[] {
  return [url, String(partitions), String(skewMs)]
}

/** What {@link argumentsOf} made, read in the process; its clock is wrong from here on. */
export function takeArguments(): ProcessArguments {
  const [url = '', partitions, skew] = process.argv.slice(2)
  const skewMs = Number(skew)
  const rightNow = Date.now
  if (skewMs !== 0) Date.now = () => rightNow() + skewMs
  return { url, partitions: Number(partitions), skewMs }
}

/** The bot that talks all the time, and the one that comes in bursts. */
export const quietBot = 'chaos'
export const floodingBot = 'flood'

/** The update's hash, the same for every delivery of it. */
export function hashOf({ conversation, n }: ChaosUpdate): Buffer {
  return createHash('sha256').update(`${conversation} ${n}`).digest().subarray(0, 16)
}

/** Every 97th update always fails, and ends in the dead letters. */
export function isPoison({ n, conversation }: ChaosUpdate): boolean {
  return hashOf({ n, conversation })[0]! % 97 === 1
}

/** Every 20th or so fails once before it succeeds. */
export function failsOnce(update: ChaosUpdate): boolean {
  return hashOf(update)[1]! % 20 === 1
}

/** Most updates have one reply, some two or three, a few none. */
export function repliesOf(update: ChaosUpdate): number {
  return [1, 1, 1, 1, 1, 2, 3, 0][hashOf(update)[2]! % 8]!
}

/** Every 20th or so is refused by the platform before it takes it. */
export function isRefusedOnce(update: ChaosUpdate): boolean {
  return hashOf(update)[3]! % 20 === 1
}

/** Users of every tenth conversation have a limit, so that some of their updates come due later. */
export function hasLimit({ conversation }: ChaosUpdate): boolean {
  return hashOf({ conversation, n: 0 })[0]! % 10 === 1
}
