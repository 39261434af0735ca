import {
  type ConversationKey,
  decodeOutbound,
  type OutboundMessage,
  outboundContext,
} from '@botyard/queue-contracts'
import type { Keyring } from '@botyard/service-kit'

/** An entry of the outbox, as far as it takes to open it. */
export interface SealedOutbound {
  readonly conversation: ConversationKey
  /** Keyed hash of the message's id, 16 bytes. */
  readonly hash: Buffer
  readonly body: Buffer
  /** What it says in clear, if this process wrote it itself. */
  readonly content?: unknown
}

/**
 * Opens an entry of the outbox, or of the dead letters it became, unless it is known in clear; throws
 * `KeyringError` or `UnreadablePayloadError`.
 */
export function openOutbound(
  keyring: Keyring,
  { conversation, hash, body, content }: SealedOutbound,
): OutboundMessage {
  if (content !== undefined) return content as OutboundMessage
  return decodeOutbound(keyring.open(body, outboundContext(conversation, hash)))
}
