import type { LimitSettings } from '../adapter.ts'
import type { Limit } from '../limits/limit.ts'
import { rateChosen } from '../limits/rate-limits.ts'
import type { TelegramMessage } from './call-of-message.ts'
import { placeOfConversation } from './conversation.ts'
import { queryOfMethod } from './queries.ts'

/** The name under which a 429 of a broadcast pauses all broadcasts of the bot, and no reply. */
export const bulkScope = 'bulk'

/**
 * About 30 messages a second for broadcasts, one a second in a chat, 20 a minute in a group
 * (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). Short bursts of replies
 * pass, so these make only broadcasts wait; paid broadcasts (up to 1,000 a second) are a matter of the bot's
 * own settings.
 */
const ofBot = 30
const ofChat = 1
const groupPerMinute = 20

/**
 * What a send must stay under; "is typing" and answers to queries wait for nothing: they are of use at once
 * or never.
 */
export function limitsOfTelegram(
  { conversation, action, native }: Pick<TelegramMessage, 'conversation' | 'action' | 'native'>,
  _credentials: unknown,
  settings: LimitSettings,
  bulk: boolean,
): Limit[] {
  if (action === 'typing') return []
  if (typeof native?.method === 'string' && queryOfMethod(native.method)) return []
  const limits = rateChosen({
    name: 'bot',
    periodMs: 1000,
    setting: settings.perSecond,
    own: ofBot,
    waits: bulk,
    broadcasts: true,
  })
  if (bulk) limits.push({ kind: 'pause', name: bulkScope })
  const chat = placeOfConversation(conversation)?.chat
  if (chat === undefined) return limits
  limits.push(
    ...rateChosen({
      name: `chat:${chat}`,
      periodMs: 1000,
      setting: settings.perChatPerSecond,
      own: ofChat,
      waits: bulk,
    }),
  )
  // Groups, supergroups and channels have negative ids.
  if (!chat.startsWith('-')) return limits
  const ofGroup = settings.perGroupPerMinute
  limits.push(
    ...rateChosen({
      name: `group:${chat}`,
      periodMs: 60_000,
      setting: ofGroup,
      own: groupPerMinute,
      waits: bulk,
    }),
  )
  return limits
}
