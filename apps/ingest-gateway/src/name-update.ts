import type { Bot } from '@botyard/control-database'
import type { NormalisedUpdate } from '@botyard/platforms'
import { type ConversationKey, nameInPartition, partitionOf } from '@botyard/queue-contracts'
import type { Naming } from '@botyard/service-kit'

/** Keyed names: a reader of Redis or of the log learns none of the platform's ids. */
export interface UpdateNames {
  readonly conversation: ConversationKey
  readonly update: Buffer
  readonly user: string | undefined
}

/** How names are made: `partitions` as everywhere. */
export interface NamingDeps {
  readonly naming: Naming
  readonly partitions: number
}

/**
 * Names an update. An urgent one has a mailbox of its own, so that it need not wait for what its conversation
 * has in front of it. Both lie in one partition, which remembers what it has seen: what is urgent may have
 * changed when the platform delivers an update again.
 */
export function nameUpdate(
  { naming, partitions }: NamingDeps,
  { id, platform, settings }: Bot,
  update: NormalisedUpdate,
): UpdateNames {
  const { conversation, user } = update
  const usual = naming.conversation(id, platform, conversation)
  return {
    conversation: isUrgent(update, settings)
      ? nameInPartition(
          naming.conversation(id, platform, `urgent\0${conversation}`),
          partitionOf(usual, partitions),
          partitions,
        )
      : usual,
    update: naming.update(id, update.id),
    user: user === undefined ? undefined : naming.user(id, platform, user),
  }
}

/** Choices to complete are worth nothing after two seconds; the rest is the bot's to say. */
function isUrgent({ kind }: NormalisedUpdate, { urgent }: Bot['settings']): boolean {
  return kind === 'autocomplete' || (urgent?.includes(kind) ?? false)
}
