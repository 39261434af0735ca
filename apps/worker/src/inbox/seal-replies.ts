import { type Mail, newEntry, type Reply } from '@botyard/mailbox'
import type { Content } from '@botyard/platforms'
import { encodeOutbound, type InboundUpdate, outboundContext } from '@botyard/queue-contracts'
import type { Keyring, Naming } from '@botyard/service-kit'
import { TooManyRepliesError } from '../errors.ts'
import { addressed } from './address-reply.ts'

/** What sealing needs. */
export interface SealRepliesDeps {
  readonly keyring: Keyring
  readonly naming: Naming
}

/**
 * Replies that one update may have, and their bytes: they are stored in one script, and beyond that it is a
 * loop.
 */
const maxReplies = 100
const maxReplyBytes = 1024 * 1024

/**
 * Makes of what a bot said the entries of its conversation's outbox, each sealed under its own name. Throws
 * `TooManyRepliesError`.
 */
export function sealReplies(
  mail: Mail,
  update: InboundUpdate,
  said: readonly Content[],
  { keyring, naming }: SealRepliesDeps,
): readonly Reply[] {
  const replies = said.map((content, n) => {
    const message = addressed(update, content, n)
    const hash = naming.update(message.bot, message.id)
    const sealed = keyring.seal(encodeOutbound(message), outboundContext(mail.conversation, hash))
    return { entry: newEntry(hash, sealed), content: message }
  })
  const bytes = replies.reduce((sum, { entry }) => sum + entry.length, 0)
  if (replies.length > maxReplies || bytes > maxReplyBytes)
    throw new TooManyRepliesError(replies.length, bytes)
  return replies
}
