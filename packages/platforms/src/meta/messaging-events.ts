import { textAt, valueAt } from '../json/value-at.ts'

/**
 * The webhook fields that bring an event of `messaging[]`, by the member that the event has besides its sides
 * and its time.
 */
export type FieldNames = ReadonlyMap<string, string>

const sides = new Set(['sender', 'recipient', 'timestamp'])

/** The field that an element of `messaging[]` belongs to; of a member that is not listed its own name. */
export function fieldOf(event: unknown, names: FieldNames): string | undefined {
  if (typeof event !== 'object' || event === null) return undefined
  const members = Object.keys(event).filter(name => !sides.has(name))
  const known = members.find(name => names.has(name))
  if (known === 'message' && valueAt(event, 'message', 'is_echo') === true) return names.get('echo')
  return known === undefined ? members[0] : names.get(known)
}

/** The field of an element of `changes[]`. */
export const fieldOfChange = (change: unknown): string | undefined => textAt(change, 'field')

/**
 * Messenger's:
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events.
 */
export const messengerNames: FieldNames = new Map([
  ['message', 'messages'],
  ['echo', 'message_echoes'],
  ['message_edit', 'message_edits'],
  ['reaction', 'message_reactions'],
  ['read', 'message_reads'],
  ['delivery', 'message_deliveries'],
  ['postback', 'messaging_postbacks'],
  ['optin', 'messaging_optins'],
  ['optout', 'messaging_optouts'],
  ['referral', 'messaging_referrals'],
  ['account_linking', 'messaging_account_linking'],
  ['game_play', 'messaging_game_plays'],
  ['pass_thread_control', 'messaging_handovers'],
  ['take_thread_control', 'messaging_handovers'],
  ['request_thread_control', 'messaging_handovers'],
  ['app_roles', 'messaging_handovers'],
  ['policy_enforcement', 'messaging_policy_enforcement'],
  ['policy-enforcement', 'messaging_policy_enforcement'],
  ['messaging_feedback', 'messaging_feedback'],
  ['messaging_customer_information', 'messaging_customer_information'],
  ['order', 'send_cart'],
  ['pre_checkout', 'messaging_pre_checkouts'],
  ['checkout_update', 'messaging_checkout_updates'],
  ['payment', 'messaging_payments'],
  ['response_feedback', 'response_feedback'],
  ['call_permission_reply', 'call_permission_reply'],
])

/** Instagram's: https://developers.facebook.com/documentation/instagram-platform/webhooks/fields. */
export const instagramNames: FieldNames = new Map([
  ...messengerNames,
  ['echo', 'messages'],
  ['message_edit', 'message_edit'],
  ['read', 'messaging_seen'],
  ['referral', 'messaging_referral'],
  ['pass_thread_control', 'messaging_handover'],
  ['take_thread_control', 'messaging_handover'],
  ['request_thread_control', 'messaging_handover'],
  ['app_roles', 'messaging_handover'],
])
