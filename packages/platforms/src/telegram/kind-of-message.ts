import type { BotIdentity, UpdateKind } from '@botyard/queue-contracts'
import { valueAt } from '../json/value-at.ts'
import { kindOfText } from '../text/kind-of-text.ts'

/** What tells a new message from a command, and both from what this bot is not asked. */
export interface Spoken {
  readonly text: string | undefined
  /** The entities of the text or of the caption: not checked, since only a command's are looked at. */
  readonly entities: unknown
  readonly isPrivate: boolean
}

/**
 * A new message's kind. `/start@OtherBot` in a group is for the other bot
 * (https://core.telegram.org/bots/features#commands), so it is `other` here; in a private chat nobody else
 * hears it, so it is a message.
 */
export function kindOfMessage(
  { text, entities, isPrivate }: Spoken,
  self: BotIdentity | undefined,
): UpdateKind {
  if (text === undefined || !text.startsWith('/')) return 'message'
  if (kindOfText(text) !== 'command' || !isMarked(entities)) return 'message'
  const addressee = /^\/\w+@(\w+)/.exec(text)?.[1]
  if (addressee === undefined || self?.name === undefined) return 'command'
  if (addressee.toLowerCase() === self.name.toLowerCase()) return 'command'
  return isPrivate ? 'message' : 'other'
}

/** Telegram marks commands; one that is quoted as code has other entities, but not this. */
function isMarked(entities: unknown): boolean {
  if (!Array.isArray(entities) || entities.length === 0) return true
  return entities.some(entity => valueAt(entity, 'type') === 'bot_command' && valueAt(entity, 'offset') === 0)
}
