import type { Mail } from '@botyard/mailbox'

/** The update's keyed name, also for the log: of some platforms its own id holds the chat or the user. */
export function nameOf({ hash }: Pick<Mail, 'hash'>): string {
  return hash.toString('base64url')
}
