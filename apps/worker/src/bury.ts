import type { Mail, Verdict } from '@botyard/mailbox'
import { type BoxName, botOf, encodeDeadLetter } from '@botyard/queue-contracts'

/** The verdict that gives an entry up: it leaves its mailbox for the dead letters, sealed as it is. */
export function bury(box: BoxName, mail: Mail, reason: string): Verdict {
  const note = {
    id: `${box}/${mail.conversation}/${mail.hash.toString('base64url')}`,
    bot: botOf(mail.conversation),
    conversation: mail.conversation,
    box,
    reason,
    tries: mail.tries + 1,
    acceptedAtMs: mail.acceptedAtMs,
    diedAtMs: Date.now(),
  }
  return { do: 'dead', letter: encodeDeadLetter(note, mail.body), reason }
}
