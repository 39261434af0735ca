import { idAt, textAt } from '../json/value-at.ts'
import { timeAt } from '../meta/time-at.ts'
import type { Facts, Surroundings } from './facts.ts'
import { peerOf } from './peer-of.ts'

/** A user's business-scoped id has changed: the new one is the user's from now on. */
export function readIdUpdate(update: unknown, { contacts }: Surroundings): Facts {
  const phone = idAt(update, 'wa_id')
  return {
    kind: 'other',
    user: idAt(update, 'user_id', 'current') ?? phone,
    phone,
    contact: contacts.find(phone, undefined),
    sentAtMs: timeAt(update, 'timestamp'),
  }
}

/** A user allows or forbids marketing. */
export function readPreference(preference: unknown, { contacts }: Surroundings): Facts {
  return {
    kind: 'other',
    ...peerOf(idAt(preference, 'wa_id'), idAt(preference, 'user_id'), contacts),
    sentAtMs: timeAt(preference, 'timestamp'),
  }
}

/** An entry of the business app's address book. */
export function readContact(entry: unknown, { contacts }: Surroundings): Facts {
  const phone = idAt(entry, 'contact', 'phone_number')
  const user = idAt(entry, 'contact', 'user_id')
  const peer = phone === undefined && user === undefined ? {} : peerOf(phone, user, contacts)
  return { kind: 'other', ...peer, sentAtMs: timeAt(entry, 'metadata', 'timestamp') }
}

/** A lead or purchase that Meta saw in a message of a user; which user is not told. */
export function readAutomaticEvent(event: unknown): Facts {
  const message = idAt(event, 'id')
  const name = textAt(event, 'event_name')
  const id = message === undefined || name === undefined ? undefined : `${message}:${name}`
  return { kind: 'other', id, message, sentAtMs: timeAt(event, 'timestamp') }
}

/** The old messages with one user, both sides'. */
export function readThread(thread: unknown): Facts {
  const user = idAt(thread, 'id')
  return { kind: 'other', user, phone: user }
}
