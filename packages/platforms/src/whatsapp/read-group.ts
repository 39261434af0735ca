import { idAt, textAt } from '../json/value-at.ts'
import { timeAt } from '../meta/time-at.ts'
import type { Facts } from './facts.ts'

/**
 * What happened to a group as a whole, or who asks to join it; a request that Meta could not carry out
 * changed nothing.
 */
export function readGroup(group: unknown): Facts {
  const type = textAt(group, 'type') ?? ''
  const isRequest = type.startsWith('group_join_request_')
  return { ...groupOf(group), kind: isRequest ? 'membership' : 'other', user: userOf(group) }
}

/** Who came or went: one of the participants that the group's element lists. */
export function readParticipant(participant: unknown, _around: unknown, group: unknown): Facts {
  return { ...groupOf(group), kind: 'membership', user: userOf(participant) ?? idAt(participant, 'input') }
}

/** Whom the business could not remove: nothing changed. */
export function readFailure(participant: unknown, around: unknown, group: unknown): Facts {
  return { ...readParticipant(participant, around, group), kind: 'other' }
}

function groupOf(group: unknown): Pick<Facts, 'group' | 'sentAtMs'> {
  return { group: idAt(group, 'group_id'), sentAtMs: timeAt(group, 'timestamp') }
}

function userOf(value: unknown): string | undefined {
  return idAt(value, 'user_id') ?? idAt(value, 'wa_id')
}
