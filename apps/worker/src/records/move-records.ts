import type { DeadLetterStore } from '@botyard/control-database'
import type { BroadcastStore } from '@botyard/control-database/broadcasts'
import {
  type BroadcastResult,
  decodeBroadcastResult,
  decodeDeadLetter,
  UnreadablePayloadError,
} from '@botyard/queue-contracts'
import type { Keyring, Naming } from '@botyard/service-kit'
import { createResultsOfLetters, type Letter } from '../broadcasts/results-of-letters.ts'

/**
 * Copies what left the mailboxes for the control database, dead letters and broadcasts' results, from a
 * partition there; may be given the same ones again. Answers those that this build cannot read.
 */
export function createMoveRecords(deps: {
  deadLetters: Pick<DeadLetterStore, 'insert'>
  broadcasts: Pick<BroadcastStore, 'record' | 'pending'>
  keyring: Keyring
  naming: Pick<Naming, 'update'>
}): (records: Buffer[]) => Promise<readonly Buffer[]> {
  const { deadLetters, broadcasts } = deps
  const resultsOfLetters = createResultsOfLetters(deps)

  return async records => {
    const results: BroadcastResult[] = []
    const letters: Letter[] = []
    const unreadable: Buffer[] = []
    for (const record of records) {
      try {
        const result = decodeBroadcastResult(record)
        if (result) results.push(result)
        else letters.push(decodeDeadLetter(record))
      } catch (error) {
        if (!(error instanceof UnreadablePayloadError)) throw error
        unreadable.push(record)
      }
    }
    await broadcasts.record([...results, ...(await resultsOfLetters(letters))])
    await deadLetters.insert(
      letters.map(({ note, envelope }) => ({
        id: note.id,
        bot: note.bot,
        conversation: note.conversation,
        reason: note.reason,
        tries: note.tries,
        acceptedAt: new Date(note.acceptedAtMs),
        diedAt: new Date(note.diedAtMs),
        envelope,
        error: note.error === undefined ? undefined : Buffer.from(note.error, 'base64'),
      })),
    )
    return unreadable
  }
}
