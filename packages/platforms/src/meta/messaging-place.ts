/** Whom a conversation of Messenger or Instagram is with, and the page or account that speaks. */
export interface MessagingPlace {
  readonly page?: string | undefined
  readonly recipient?: { readonly id: string } | { readonly user_ref: string }
}

/**
 * Reads the conversation `<page>:<user>` or `<page>:ref:<user_ref>`; a recipient of a broadcast may stand
 * without a page. What names no user (`page:…`, `bot`) has no recipient.
 */
export function messagingPlaceOf(conversation: string): MessagingPlace {
  const [, prefix, ref, peer] = /^(?:([^:]+):)?(ref:)?(.+)$/s.exec(conversation) ?? []
  if (peer === undefined || prefix === 'page' || peer === 'bot') return {}
  const page = prefix === 'user' ? undefined : prefix
  return { page, recipient: ref === undefined ? { id: peer } : { user_ref: peer } }
}
