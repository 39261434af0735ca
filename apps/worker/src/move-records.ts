import { type BroadcastResult, decodeBroadcastResult, decodeDeadLetter } from '@botyard/queue-contracts'
import type { BroadcastStore, DeadLetterStore } from '@botyard/shard-routing'

/** How long dead letters, and broadcasts that ended, are kept in the control database, in ms. */
export const recordsKeptMs = 30 * 24 * 60 * 60 * 1000

/**
 * Copies what left the mailboxes for the control database, dead letters and broadcasts' results, from a queue shard there; may
 * be given the same ones again.
 */
export function createMoveRecords(stores: {
  deadLetters: Pick<DeadLetterStore, 'insert'>
  broadcasts: Pick<BroadcastStore, 'record'>
}): (records: Buffer[]) => Promise<void> {
  return async records => {
    const results: BroadcastResult[] = []
    const letters: Buffer[] = []
    for (const record of records) {
      const result = decodeBroadcastResult(record)
      if (result) results.push(result)
      else letters.push(record)
    }
    await stores.broadcasts.record(results)
    await stores.deadLetters.insert(
      letters.map(decodeDeadLetter).map(({ note, envelope }) => ({
        id: note.id,
        bot: note.bot,
        conversation: note.conversation,
        reason: note.reason,
        tries: note.tries,
        acceptedAt: new Date(note.acceptedAtMs),
        diedAt: new Date(note.diedAtMs),
        envelope,
      })),
    )
  }
}
