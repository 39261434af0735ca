import type { BroadcastStore, LeasedBroadcast, Recipient } from '@botyard/control-database/broadcasts'
import { conversationsWithMail, waitingRecords } from '@botyard/mailbox/find-lost'
import { type ConversationKey, decodeBroadcastResult } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { resultOf } from './record-result.ts'

/** What is needed to find them. */
export interface LostResultsDeps {
  readonly broadcasts: Pick<BroadcastStore, 'outstanding' | 'record'>
  readonly redis: Redis
  readonly partitions: number
  /** The mailbox of a recipient's broadcasts. */
  nameOf(broadcast: LeasedBroadcast, recipient: Recipient): ConversationKey
}

/** More are never under way, and more records never wait while the mover keeps up. */
const maxAtOnce = 5_000

/**
 * Messages that Redis lost, with a failover or a disk, have no result and never will have one: the broadcast
 * would run for ever, and release less and less. Looks at the recipients below a number, which were released
 * a while ago; whether such a message was sent nobody knows. Answers how many got that as their result.
 */
export function createSettleLost(
  deps: LostResultsDeps,
): (broadcast: LeasedBroadcast, below: number) => Promise<number> {
  const { broadcasts, redis, partitions, nameOf } = deps

  return async (broadcast, below) => {
    const { id, bot } = broadcast
    const outstanding = (await broadcasts.outstanding(id, below, maxAtOnce)).map(recipient => ({
      n: recipient.n,
      name: nameOf(broadcast, recipient),
    }))
    if (outstanding.length === 0) return 0
    const waiting = await conversationsWithMail(
      ...([redis, partitions, 'outbox'] as const),
      outstanding.map(({ name }) => name),
    )
    // In this order: a result leaves the mailbox for the records, and those for the database, where the first
    // one stands.
    const records = await waitingRecords(redis, partitions, maxAtOnce)
    if (records === undefined) return 0
    const recorded = new Set(records.map(readNumber(id)))
    const lost = outstanding.filter(({ n, name }) => !waiting.has(name) && !recorded.has(n))
    await broadcasts.record(lost.map(({ n }) => resultOf(bot, { id, n }, 'WRK_RESULT_LOST', Date.now())))
    return lost.length
  }
}

/** Of a record that this build cannot read nobody learns a result. */
function readNumber(broadcast: string): (record: Buffer) => number | undefined {
  return record => {
    try {
      const result = decodeBroadcastResult(record)
      return result?.broadcast === broadcast ? result.n : undefined
    } catch {
      return undefined
    }
  }
}
