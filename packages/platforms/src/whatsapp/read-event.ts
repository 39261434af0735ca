import type { UpdateKind } from '@botyard/queue-contracts'
import type { JsonPart } from '../json-part.ts'
import { timeAt } from '../meta/time-at.ts'
import { idAt, valueAt } from '../value-at.ts'
import type { Contacts } from './contacts.ts'
import type { Place } from './conversation.ts'
import { contentOf } from './read-content.ts'

/** What one event says. */
export interface Facts extends Omit<Place, 'phoneNumberId'> {
  readonly kind: UpdateKind
  /** Unset if the platform gives the event no id of its own. */
  readonly id?: string | undefined
  /** The user's phone number, where it is told. */
  readonly phone?: string | undefined
  /** The contact that the change lists for the user. */
  readonly contact?: JsonPart | undefined
  readonly text?: string | undefined
  readonly sentAtMs?: number | undefined
}

/** What stands around the events of one change. */
export interface Surroundings {
  /** Finds who is meant by a phone number or a business-scoped id. */
  readonly contacts: Contacts
  /** The business's own number, to tell the sides of a call apart. */
  readonly ownNumber: string | undefined
}

type Reader = (event: unknown, around: Surroundings) => Facts

const table: Record<string, Reader> = {
  messages: readMessage,
  statuses: readStatus,
  message_echoes: readEcho,
  calls: readCall,
  user_id_update: readIdUpdate,
  errors: () => ({ kind: 'other' }),
}

/** How an element of each list of events in a change is read, by the list's name. */
export const readers: ReadonlyMap<string, Reader> = new Map(Object.entries(table))

function readMessage(message: unknown, { contacts }: Surroundings): Facts {
  const { user, phone, contact } = peerOf(idAt(message, 'from'), idAt(message, 'from_user_id'), contacts)
  return {
    ...contentOf(message),
    id: idAt(message, 'id'),
    // A user whose id has changed is named by the new one alone.
    user: user ?? idAt(message, 'system', 'user_id'),
    phone,
    contact,
    group: idAt(message, 'group_id'),
    sentAtMs: timeAt(message, 'timestamp'),
  }
}

/** One message gets several statuses, in a group each of every participant: the message's id alone would hide the later ones. */
function readStatus(status: unknown, { contacts }: Surroundings): Facts {
  const id = idAt(status, 'id')
  const state = idAt(status, 'status')
  const isGroup = valueAt(status, 'recipient_type') === 'group'
  const recipient = idAt(status, 'recipient_id')
  const participant = idAt(status, 'recipient_participant_user_id') ?? idAt(status, 'recipient_participant_id')
  const { user, phone, contact } = isGroup
    ? { user: participant }
    : peerOf(recipient, idAt(status, 'recipient_user_id'), contacts)
  const parts = [id, state, ...(isGroup && participant !== undefined ? [participant] : [])]
  return {
    kind: 'status',
    id: id === undefined || state === undefined ? undefined : parts.join(':'),
    user,
    phone,
    contact,
    group: isGroup ? recipient : undefined,
    sentAtMs: timeAt(status, 'timestamp'),
  }
}

/** What the business itself wrote in its app: for the bot to know, not to answer. */
function readEcho(echo: unknown, { contacts }: Surroundings): Facts {
  return {
    kind: 'other',
    id: idAt(echo, 'id'),
    ...peerOf(idAt(echo, 'to'), idAt(echo, 'to_user_id'), contacts),
    sentAtMs: timeAt(echo, 'timestamp'),
  }
}

function readCall(call: unknown, { contacts, ownNumber }: Surroundings): Facts {
  const id = idAt(call, 'id')
  const event = idAt(call, 'event')
  const side = idAt(call, 'from') === ownNumber ? 'to' : 'from'
  return {
    kind: 'other',
    id: id === undefined || event === undefined ? undefined : `${id}:${event}`,
    ...peerOf(idAt(call, side), idAt(call, `${side}_user_id`), contacts),
    sentAtMs: timeAt(call, 'timestamp'),
  }
}

function readIdUpdate(update: unknown, { contacts }: Surroundings): Facts {
  const phone = idAt(update, 'wa_id')
  return {
    kind: 'other',
    user: idAt(update, 'user_id', 'current') ?? phone,
    phone,
    contact: contacts.find(phone, undefined),
    sentAtMs: timeAt(update, 'timestamp'),
  }
}

/** A user by either id; contacts tell which two belong together, and stand in where an event names nobody. */
function peerOf(
  phone: string | undefined,
  user: string | undefined,
  contacts: Contacts,
): Pick<Facts, 'user' | 'phone' | 'contact'> {
  const contact = phone === undefined && user === undefined ? contacts.only : contacts.find(phone, user)
  const number = phone ?? idAt(contact?.value, 'wa_id')
  return { user: user ?? idAt(contact?.value, 'user_id') ?? number, phone: number, contact }
}
