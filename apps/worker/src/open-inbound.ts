import type { Mail } from '@botyard/mailbox'
import { decodeInbound, type InboundUpdate, inboundContext } from '@botyard/queue-contracts'
import type { Keyring } from '@botyard/service-kit'

/** Opens an entry of the inbox; throws `KeyringError` or `UnreadablePayloadError`. */
export function openInbound(
  keyring: Keyring,
  { conversation, hash, body }: Pick<Mail, 'conversation' | 'hash' | 'body'>,
): { update: InboundUpdate; raw: Buffer } {
  return decodeInbound(keyring.open(body, inboundContext(conversation, hash)))
}
