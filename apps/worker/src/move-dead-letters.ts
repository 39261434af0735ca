import { decodeDeadLetter } from '@botyard/queue-contracts'
import type { DeadLetterStore } from '@botyard/shard-routing'

/** How long dead letters are kept in the control database, in ms. */
export const deadLettersKeptMs = 30 * 24 * 60 * 60 * 1000

/** Copies dead letters from a queue shard to the control database; may be given the same ones again. */
export function createMoveDeadLetters(store: DeadLetterStore): (letters: Buffer[]) => Promise<void> {
  return async letters => {
    await store.insert(
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
