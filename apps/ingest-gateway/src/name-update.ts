import type { Bot } from '@botyard/control-database'
import type { NormalisedUpdate } from '@botyard/platforms'
import type { ConversationKey } from '@botyard/queue-contracts'
import type { Naming } from '@botyard/service-kit'

/** Keyed names: a reader of Redis or of the log learns none of the platform's ids. */
export interface UpdateNames {
  readonly conversation: ConversationKey
  readonly update: Buffer
  readonly user: string | undefined
}

/**
 * Names an update. An urgent one has a mailbox of its own, so that it need not wait for what its conversation
 * has in front of it.
 */
export function nameUpdate(
  naming: Naming,
  { id, platform, settings }: Bot,
  update: NormalisedUpdate,
): UpdateNames {
  const { conversation, user } = update
  const mailbox = isUrgent(update, settings) ? `urgent\0${conversation}` : conversation
  return {
    conversation: naming.conversation(id, platform, mailbox),
    update: naming.update(id, update.id),
    user: user === undefined ? undefined : naming.user(id, platform, user),
  }
}

/** Choices to complete are worth nothing after two seconds; the rest is the bot's to say. */
function isUrgent({ kind }: NormalisedUpdate, { urgent }: Bot['settings']): boolean {
  return kind === 'autocomplete' || (urgent?.includes(kind) ?? false)
}
