import type { Disposition, Mail } from '@botyard/mailbox'
import {
  type BotId,
  type BroadcastResult,
  encodeBroadcastResult,
  type OutboundMessage,
} from '@botyard/queue-contracts'
import type { Keyring } from '@botyard/service-kit'
import { openOutbound } from '../outbox/open-outbound.ts'

/**
 * Makes the end of a broadcast's message a record instead: the recipient's result leaves the mailbox in the
 * same script as the message. Blocked users are no dead letters there, there are too many of them. What is
 * not the end stays as it is.
 */
export function recordResult(
  { bot, broadcast }: Pick<OutboundMessage, 'bot' | 'broadcast'>,
  disposition: Disposition,
): Disposition {
  if (broadcast === undefined || (disposition.do !== 'ack' && disposition.do !== 'dead')) return disposition
  const reason = disposition.do === 'dead' ? disposition.reason : undefined
  return { do: 'record', record: encodeBroadcastResult(resultOf(bot, broadcast, reason, Date.now())) }
}

/** Nobody knows whether it arrived. */
const uncertain: ReadonlySet<string> = new Set(['WRK_SEND_UNCERTAIN', 'WRK_RESULT_LOST'])

/** A recipient's result; `reason` is why it was given up, undefined if it was sent. */
export function resultOf(
  bot: BotId,
  { id, n }: { readonly id: string; readonly n: number },
  reason: string | undefined,
  atMs: number,
): BroadcastResult {
  const whose = { kind: 'broadcast-result', bot, broadcast: id, n, atMs } as const
  if (reason === undefined) return { ...whose, outcome: 'sent' }
  return { ...whose, outcome: uncertain.has(reason) ? 'uncertain' : 'failed', reason }
}

/**
 * The same for a message whose send threw instead of deciding: its bot is gone, its last try timed out. What
 * cannot be opened stays a dead letter: `createResultsOfLetters` finds whose it was.
 */
export function recordFailure(keyring: Keyring, mail: Mail, disposition: Disposition): Disposition {
  if (disposition.do !== 'dead') return disposition
  try {
    return recordResult(openOutbound(keyring, mail), disposition)
  } catch {
    return disposition
  }
}
