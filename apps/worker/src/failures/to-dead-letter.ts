import type { Disposition, Mail } from '@botyard/mailbox'
import { type BoxName, botOf, encodeDeadLetter } from '@botyard/queue-contracts'

/**
 * The disposition that gives an entry up: it leaves its mailbox for the dead letters, sealed as it is.
 * `sealError` seals what a handler threw, whose text may quote the user.
 */
export function toDeadLetter(
  box: BoxName,
  mail: Mail,
  reason: string,
  sealError?: (id: string) => Buffer,
): Disposition {
  const id = `${box}/${mail.conversation}/${mail.hash.toString('base64url')}`
  const note = {
    id,
    bot: botOf(mail.conversation),
    conversation: mail.conversation,
    box,
    reason,
    ...(sealError && { error: sealError(id).toString('base64') }),
    tries: mail.tries + 1,
    acceptedAtMs: mail.acceptedAtMs,
    diedAtMs: Date.now(),
  }
  return { do: 'dead', letter: encodeDeadLetter(note, mail.body), reason }
}
