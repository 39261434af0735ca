import type { BotIdentity } from '@botyard/queue-contracts'
import { idAt, textAt, valueAt } from '../json/value-at.ts'

/** Who caused an event; `own`: the bot itself, by its account or its app. */
export interface Author {
  readonly user: string | undefined
  readonly bot: boolean
  readonly own: boolean
}

/**
 * Reads who caused an event. Of the words of a bot nobody knows whether they are its own until it knows who
 * it is, so they count as its own until then. An organisation, `ghost` (accounts that were deleted) and a
 * mannequin (of an import) are no people.
 */
export function authorOf(
  payload: unknown,
  member: string | undefined,
  self: BotIdentity | undefined,
): Author {
  const id = idAt(payload, 'sender', 'id')
  const type = textAt(payload, 'sender', 'type')
  const bot = type === 'Bot'
  const nobody =
    type === 'Organization' || type === 'Mannequin' || textAt(payload, 'sender', 'login') === 'ghost'
  return {
    user: nobody ? undefined : id,
    bot,
    own: isOwn(id, bot, self) || isByOwnApp(payload, member, self),
  }
}

function isOwn(id: string | undefined, bot: boolean, self: BotIdentity | undefined): boolean {
  return self?.user === undefined ? bot : id === self.user
}

/** The bot's app may write in a user's name: then the sender is the user. */
function isByOwnApp(payload: unknown, member: string | undefined, self: BotIdentity | undefined): boolean {
  if (self?.app === undefined || member === undefined) return false
  return idAt(valueAt(payload, member), 'performed_via_github_app', 'id') === self.app
}
