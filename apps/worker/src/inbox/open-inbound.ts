import type { Mail } from '@botyard/mailbox'
import {
  decodeInbound,
  type InboundUpdate,
  inboundContext,
  PackedBytes,
  packBytes,
} from '@botyard/queue-contracts'
import type { Keyring } from '@botyard/service-kit'

/** An update, and the bytes that its platform sent. */
export interface OpenedInbound {
  readonly update: InboundUpdate
  readonly raw: Buffer
}

type SealedMail = Pick<Mail, 'conversation' | 'hash' | 'body'>

/**
 * Opens an entry of the inbox. A large one takes several turns of the event loop, and is decompressed beside
 * it, so that no other conversation waits for it. Throws, or rejects with, `KeyringError` or
 * `UnreadablePayloadError`.
 */
export function openInbound(keyring: Keyring, mail: SealedMail): OpenedInbound | Promise<OpenedInbound> {
  const { conversation, hash, body } = mail
  const context = inboundContext(conversation, hash)
  if (body.length >= packBytes) return keyring.openInSlices(body, context).then(decode)
  return decode(keyring.open(body, context))
}

/** Opens an entry for what it says, without the bytes of its platform; throws as {@link openInbound}. */
export function openWithoutRaw(keyring: Keyring, { conversation, hash, body }: SealedMail): InboundUpdate {
  return decodeInbound(keyring.open(body, inboundContext(conversation, hash))).update
}

function decode(frame: Buffer): OpenedInbound | Promise<OpenedInbound> {
  const { update, raw } = decodeInbound(frame)
  if (raw instanceof PackedBytes) return raw.unpack().then(unpacked => ({ update, raw: unpacked }))
  return { update, raw }
}
