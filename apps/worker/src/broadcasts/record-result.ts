import type { Verdict } from '@botyard/mailbox'
import { type BroadcastResult, encodeBroadcastResult, type OutboundMessage } from '@botyard/queue-contracts'

/**
 * Makes the end of a broadcast's message a record instead: the recipient's result leaves the mailbox in the same script as the
 * message. Blocked users are no dead letters there, there are too many of them. What is not the end stays as it is.
 */
export function recordResult(
  { bot, broadcast }: Pick<OutboundMessage, 'bot' | 'broadcast'>,
  verdict: Verdict,
): Verdict {
  if (broadcast === undefined || (verdict.do !== 'ack' && verdict.do !== 'dead')) return verdict
  const result: BroadcastResult = {
    kind: 'broadcast-result',
    bot,
    broadcast: broadcast.id,
    n: broadcast.n,
    outcome: verdict.do === 'ack' ? 'sent' : verdict.reason === 'WRK_SEND_UNCERTAIN' ? 'uncertain' : 'failed',
    atMs: Date.now(),
  }
  if (verdict.do === 'dead') result.reason = verdict.reason
  return { do: 'record', record: encodeBroadcastResult(result) }
}
