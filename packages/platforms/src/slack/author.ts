import type { BotIdentity } from '@botyard/queue-contracts'
import { textAt, valueAt } from '../json/value-at.ts'
import { isPlaceholder } from './place-of-event.ts'

/** Who wrote a message: the bot itself, another bot or app (or Slack), or a person. */
export type Author = 'self' | 'bot' | 'person'

/** Tells the author of a message by all the ids that stand for the bot: its user, its app, and its bot id. */
export function authorOf(body: unknown, message: unknown, self: BotIdentity | undefined): Author {
  const bot = textAt(message, 'bot_id')
  const app = textAt(message, 'app_id') ?? textAt(message, 'bot_profile', 'app_id')
  if (app !== undefined) {
    return app === textAt(body, 'api_app_id') || app === self?.app ? 'self' : 'bot'
  }
  if (bot !== undefined && bot === self?.bot) return 'self'
  const user = textAt(message, 'user')
  if (user !== undefined) {
    if (isOwnUser(body, user, self)) return 'self'
    return bot !== undefined || isPlaceholder(user) ? 'bot' : 'person'
  }
  if (bot === undefined) return textAt(message, 'subtype') === 'bot_message' ? 'bot' : 'person'
  // A bot's id alone: what the app itself says by a response url looks so. Its own id differs in each
  // workspace, so it may be the bot unless the identity is that of this workspace.
  return self?.bot !== undefined && isHome(body, self) ? 'bot' : 'self'
}

/**
 * Whether a user is the bot's own, in the workspace that the event is for or in the one that the identity is
 * of.
 */
export function isOwnUser(body: unknown, user: string, self: BotIdentity | undefined): boolean {
  return user === self?.user || user === botUserOf(body)
}

function isHome(body: unknown, self: BotIdentity): boolean {
  const user = botUserOf(body)
  return user === undefined || user === self.user
}

/** The bot's user in the installation that the event is for. */
function botUserOf(body: unknown): string | undefined {
  const authorization = valueAt(body, 'authorizations', '0')
  return valueAt(authorization, 'is_bot') === true ? textAt(authorization, 'user_id') : undefined
}
