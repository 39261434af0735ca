import { setTimeout as delay } from 'node:timers/promises'
import { partitionTag } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { isTransient } from '../redis/is-transient.ts'
import type { TurnAnswer } from '../redis/scripts.ts'
import { maxTurnBytes } from './operation-queue.ts'
import { blobsOf, lineOf, type Settlement } from './settlement.ts'

/** Whose turns they are, and the bounds that the script keeps. */
export interface TurnScriptOptions {
  readonly redis: Redis
  readonly partition: number
  readonly process: string
  /**
   * Most replies, and bytes of them, that may wait in the outbox of a bot before its handlers are not
   * started.
   */
  readonly maxOutbox: { readonly replies: number; readonly bytes: number }
  readonly onTrouble: (error: unknown) => void
}

/** Takes a turn: the operations, and a claim's words for each box (`-` = none), see `lua/turn.lua`. */
export type TakeTurn = (operations: readonly Settlement[], claims: readonly string[]) => Promise<TurnAnswer>

/** How long a refused turn waits before it is repeated. */
export const turnAgainMs = 250

/** Returns what takes the turns of a process with a partition, one at a time. */
export function createTakeTurn(options: TurnScriptOptions): TakeTurn {
  const { redis, partition, process, maxOutbox, onTrouble } = options
  const tag = partitionTag(partition)
  let number = 0

  /**
   * A turn must be answered: until then nobody knows what is ours, and while this process lives nobody else
   * takes it. Lost connections are the client's to repeat; this repeats refusals (read only, busy). The
   * number tells the script that it is a repeat.
   */
  return async function takeTurn(operations, claims) {
    const lines = operations.map(lineOf).join('')
    const blobs = operations.flatMap(({ disposition }) => blobsOf(disposition))
    const bounds = [maxTurnBytes, maxOutbox.replies, maxOutbox.bytes]
    const args = [process, ++number, lines, ...bounds, ...claims, ...blobs]
    for (;;) {
      try {
        return await redis.mailboxTurnBuffer(tag, ...args)
      } catch (error) {
        if (!isTransient(error)) throw error
        onTrouble(error)
        await delay(turnAgainMs)
      }
    }
  }
}
