import { idAt } from '../json/value-at.ts'

/** One user that a change lists, and where. */
export interface Contact {
  readonly value: unknown
  readonly index: number
}

/**
 * The users that a change lists: which phone number (which may be missing) and which business-scoped id are
 * one.
 */
export interface Contacts {
  /** The sole contact, if there is but one. */
  readonly only: Contact | undefined
  find(phone: string | undefined, user: string | undefined): Contact | undefined
}

/** Indexes contacts once, as a change may list a thousand. */
export function indexContacts(listed: unknown): Contacts {
  const values = Array.isArray(listed) ? listed : []
  const byId = new Map<string, Contact>()
  for (const [index, value] of values.entries()) {
    for (const field of ['user_id', 'wa_id']) {
      const id = idAt(value, field)
      if (id !== undefined) byId.set(id, { value, index })
    }
  }
  return {
    only: values.length === 1 ? { value: values[0], index: 0 } : undefined,
    // Phone numbers are digits and the other ids are not, so one index holds both.
    find: (phone, user) => byId.get(user ?? '') ?? byId.get(phone ?? ''),
  }
}
