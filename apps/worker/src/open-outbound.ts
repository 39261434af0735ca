import { type ConversationKey, decodeOutbound, type OutboundMessage } from '@botyard/queue-contracts'
import type { Keyring } from '@botyard/service-kit'

/** Opens an entry of the outbox, or of the dead letters it became; throws `KeyringError` or `UnreadablePayloadError`. */
export function openOutbound(keyring: Keyring, conversation: ConversationKey, body: Buffer): OutboundMessage {
  return decodeOutbound(keyring.open(body, `${conversation}|out`))
}
