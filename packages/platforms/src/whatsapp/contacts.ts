import type { JsonPart } from '../json-part.ts'
import { idAt } from '../value-at.ts'

/** The users that a change lists: which phone number (which may be missing) and which business-scoped id are one. */
export interface Contacts {
  /** The sole contact, if there is but one. */
  readonly only: JsonPart | undefined
  find(phone: string | undefined, user: string | undefined): JsonPart | undefined
}

/** Indexes contacts once, as a change may list a thousand. */
export function indexContacts(parts: readonly JsonPart[]): Contacts {
  const byId = new Map<string, JsonPart>()
  for (const part of parts) {
    for (const field of ['user_id', 'wa_id']) {
      const id = idAt(part.value, field)
      if (id !== undefined) byId.set(id, part)
    }
  }
  return {
    only: parts.length === 1 ? parts[0] : undefined,
    // Phone numbers are digits and the other ids are not, so one index holds both.
    find: (phone, user) => byId.get(user ?? '') ?? byId.get(phone ?? ''),
  }
}
