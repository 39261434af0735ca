import type { BotIdentity } from '@botyard/queue-contracts'
import { textAt, valueAt } from '../json/value-at.ts'

/** Who caused an event; `own`: the bot itself. */
export interface Author {
  readonly user: string | undefined
  readonly bot: boolean
  readonly own: boolean
}

/**
 * Reads who caused a webhook event. The author of a webhook's message is the webhook, and nobody
 * (https://docs.discord.com/developers/resources/message#message-object); an application's is its bot.
 * `application_id` within a message of a lobby says by which game a person wrote it.
 */
export function authorOfEvent(body: unknown, data: unknown, self: BotIdentity | undefined): Author {
  const author = textAt(data, 'author', 'id')
  const app = self?.app ?? textAt(body, 'application_id')
  const webhook = textAt(data, 'webhook_id')
  const own =
    author !== undefined &&
    (author === self?.user || author === app || (webhook !== undefined && webhook === app))
  const bot = own || webhook !== undefined || valueAt(data, 'author', 'bot') === true
  if (webhook !== undefined && !own) return { user: undefined, bot, own }
  return { user: textAt(data, 'user', 'id') ?? author ?? textAt(data, 'user_id'), bot, own }
}
