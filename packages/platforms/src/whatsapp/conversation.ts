/**
 * Whom a conversation is with: one user, or a group; neither is the phone number or the account as a whole.
 */
export interface Place {
  readonly phoneNumberId?: string | undefined
  readonly user?: string | undefined
  readonly group?: string | undefined
}

/** A business-scoped user id: a country, a dot, and perhaps `ENT.` for a parent's. */
const businessScoped = /^[A-Z]{2}\.[\w.]+$/

/**
 * The conversation's key: `<phone number id>:<user>`, where the user is the business-scoped id if Meta tells
 * it and the phone number if not, `<phone number id>:group:<group>`, `number:<phone number id>`,
 * `account:<account>`, or `bot`.
 */
export function conversationOf({ phoneNumberId, user, group }: Place, account: string | undefined): string {
  if (phoneNumberId === undefined) return account === undefined ? 'bot' : `account:${account}`
  if (group !== undefined) return `${phoneNumberId}:group:${group}`
  return user === undefined ? `number:${phoneNumberId}` : `${phoneNumberId}:${user}`
}

/** The reverse of {@link conversationOf}; a recipient of a broadcast may stand without a phone number id. */
export function placeOf(conversation: string): Place {
  const [, prefix, group, peer] = /^(?:([^:]+):)?(group:)?(.+)$/s.exec(conversation) ?? []
  if (prefix === 'group') return { group: peer }
  if (peer === undefined || prefix === 'number' || prefix === 'account' || peer === 'bot') return {}
  return { phoneNumberId: prefix, ...(group === undefined ? { user: peer } : { group: peer }) }
}

/**
 * Who a message is for, as the API wants it: phone numbers and groups as `to`, business-scoped ids as
 * `recipient`
 * (https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids).
 */
export function recipientOf({ user, group }: Place): Record<string, string> | undefined {
  if (group !== undefined) return { recipient_type: 'group', to: group }
  if (user === undefined) return undefined
  return { recipient_type: 'individual', ...(businessScoped.test(user) ? { recipient: user } : { to: user }) }
}
