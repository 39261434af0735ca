import { idAt, valueAt } from '../json/value-at.ts'
import { timeAt } from '../meta/time-at.ts'
import type { Facts, Surroundings } from './facts.ts'
import { peerOf } from './peer-of.ts'
import { contentOf } from './read-content.ts'
import { readFailure, readGroup, readParticipant } from './read-group.ts'
import { readAutomaticEvent, readContact, readIdUpdate, readPreference, readThread } from './read-notice.ts'

/** Reads an event; `outer` is the element that it is listed in, if that is one itself. */
export type Reader = (event: unknown, around: Surroundings, outer: unknown) => Facts

const table: Record<string, Reader> = {
  messages: readMessage,
  statuses: readStatus,
  message_echoes: readEcho,
  calls: readCall,
  user_id_update: readIdUpdate,
  user_preferences: readPreference,
  state_sync: readContact,
  automatic_events: readAutomaticEvent,
  groups: readGroup,
  added_participants: readParticipant,
  removed_participants: readParticipant,
  failed_participants: readFailure,
  history: () => ({ kind: 'other' }),
  threads: readThread,
  user_actions: action => ({ kind: 'other', sentAtMs: timeAt(action, 'timestamp') }),
  errors: () => ({ kind: 'other' }),
}

/** How an element of each list of events in a change is read, by the list's name. */
export const readers: ReadonlyMap<string, Reader> = new Map(Object.entries(table))

function readMessage(message: unknown, { contacts, ownNumber }: Surroundings): Facts {
  const from = idAt(message, 'from')
  if (from !== undefined && from === ownNumber) return readEcho(message, { contacts })
  const { user, phone, contact } = peerOf(from, idAt(message, 'from_user_id'), contacts)
  const id = idAt(message, 'id')
  return {
    ...contentOf(message),
    id,
    message: id,
    // A user whose id has changed is named by the new one alone.
    user: user ?? idAt(message, 'system', 'user_id'),
    phone,
    contact,
    group: idAt(message, 'group_id'),
    sentAtMs: timeAt(message, 'timestamp'),
  }
}

/**
 * One message gets several statuses, in a group each of every participant: the message's id alone would hide
 * the later ones.
 */
function readStatus(status: unknown, { contacts }: Surroundings): Facts {
  const id = idAt(status, 'id')
  const state = idAt(status, 'status')
  const isGroup = valueAt(status, 'recipient_type') === 'group'
  const recipient = idAt(status, 'recipient_id')
  const participant =
    idAt(status, 'recipient_participant_user_id') ?? idAt(status, 'recipient_participant_id')
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

/**
 * What the business itself wrote, in its app or through another one: for the bot to know, not to answer. In
 * `standby` the message stands one object deeper.
 */
function readEcho(echo: unknown, { contacts }: Pick<Surroundings, 'contacts'>): Facts {
  const deeper = valueAt(echo, 'message')
  const message = typeof deeper === 'object' && deeper !== null ? deeper : echo
  const group =
    valueAt(message, 'recipient_type') === 'group' ? idAt(message, 'to') : idAt(message, 'group_id')
  return {
    kind: 'other',
    id: idAt(echo, 'id'),
    text: contentOf(message).text,
    sentAtMs: timeAt(echo, 'timestamp'),
    ...(group === undefined ? peerOf(idAt(message, 'to'), idAt(message, 'to_user_id'), contacts) : { group }),
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
