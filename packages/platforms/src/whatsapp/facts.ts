import type { UpdateKind } from '@botyard/queue-contracts'
import type { Contact, Contacts } from './contacts.ts'
import type { Place } from './conversation.ts'

/** What one event says. */
export interface Facts extends Omit<Place, 'phoneNumberId'> {
  readonly kind: UpdateKind
  /** Unset if the platform gives the event no id of its own. */
  readonly id?: string | undefined
  /** The message that the user sent: typing is shown in answer to it. */
  readonly message?: string | undefined
  /** The user's phone number, where it is told. */
  readonly phone?: string | undefined
  /** The contact that the change lists for the user. */
  readonly contact?: Contact | undefined
  readonly text?: string | undefined
  readonly sentAtMs?: number | undefined
}

/** What stands around the events of one change. */
export interface Surroundings {
  /** Finds who is meant by a phone number or a business-scoped id. */
  readonly contacts: Contacts
  /** The digits of the business's own number, to tell the sides of a call apart. */
  readonly ownNumber: string | undefined
  /** The webhook field that brought the change. */
  readonly field: string | undefined
}
