import type { BroadcastStore } from '@botyard/control-database/broadcasts'
import type { BotId, BroadcastResult, DeadLetterNote, OutboundMessage } from '@botyard/queue-contracts'
import type { Keyring, Naming } from '@botyard/service-kit'
import { openOutbound } from '../outbox/open-outbound.ts'
import { broadcastMessageId } from './broadcast-message-id.ts'
import { resultOf } from './record-result.ts'

/** A dead letter as it left its mailbox. */
export interface Letter {
  readonly note: DeadLetterNote
  readonly envelope: Buffer
}

/** More than a runner ever releases before it notes so. */
const maxAhead = 10_000

/**
 * Finds the broadcasts' messages among dead letters: an operator skipped one that was held, or no key opens
 * it. A broadcast ends when every recipient has a result, so they need theirs. One that cannot be opened is
 * known by the hash of its id alone.
 */
export function createResultsOfLetters(deps: {
  broadcasts: Pick<BroadcastStore, 'pending'>
  keyring: Keyring
  naming: Pick<Naming, 'update'>
}): (letters: readonly Letter[]) => Promise<BroadcastResult[]> {
  const { broadcasts, keyring, naming } = deps

  return async letters => {
    const results: BroadcastResult[] = []
    for (const letter of letters) {
      const { bot, box, reason, diedAtMs } = letter.note
      if (box !== 'outbox') continue
      const message = open(letter)
      const broadcast = message === undefined ? await broadcastOf(bot, letter.note) : message.broadcast
      if (broadcast !== undefined) results.push(resultOf(bot, broadcast, reason, diedAtMs))
    }
    return results
  }

  function open({ note, envelope }: Letter): OutboundMessage | undefined {
    try {
      return openOutbound(keyring, { conversation: note.conversation, hash: hashOf(note), body: envelope })
    } catch {
      return undefined
    }
  }

  async function broadcastOf(bot: BotId, { id }: DeadLetterNote): Promise<OutboundMessage['broadcast']> {
    const hash = hashOf({ id })
    for (const { broadcast, n } of await broadcasts.pending(bot, maxAhead)) {
      if (naming.update(bot, broadcastMessageId(broadcast, n)).equals(hash)) return { id: broadcast, n }
    }
    return undefined
  }
}

/** A letter's id ends with the keyed hash of its message's. */
function hashOf({ id }: Pick<DeadLetterNote, 'id'>): Buffer {
  return Buffer.from(id.slice(id.lastIndexOf('/') + 1), 'base64url')
}
