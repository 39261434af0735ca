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
