import { idAt } from '../json/value-at.ts'
import type { Contacts } from './contacts.ts'
import type { Facts } from './facts.ts'

/** A user by either id; contacts tell which two belong together, and stand in where an event names nobody. */
export function peerOf(
  phone: string | undefined,
  user: string | undefined,
  contacts: Contacts,
): Pick<Facts, 'user' | 'phone' | 'contact'> {
  const contact = phone === undefined && user === undefined ? contacts.only : contacts.find(phone, user)
  const number = phone ?? idAt(contact?.value, 'wa_id')
  return { user: user ?? idAt(contact?.value, 'user_id') ?? number, phone: number, contact }
}
