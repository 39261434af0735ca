import type { ConversationKey } from './conversation-key.ts'

/**
 * What payloads are sealed under (the associated data of AES-GCM): an envelope opens only in the place it was
 * sealed for, so nobody who can write to Redis can exchange two messages of a conversation, or move one to
 * another chat. `hash` is the keyed hash of the update's or the message's id, as its mailbox entry has it.
 */
export function inboundContext(conversation: ConversationKey, hash: Buffer): string {
  return `${conversation}|${hash.toString('base64url')}`
}

/** The same for a message in the outbox, whose id is `<update id>.<n>`. */
export function outboundContext(conversation: ConversationKey, hash: Buffer): string {
  return `${conversation}|out|${hash.toString('base64url')}`
}
