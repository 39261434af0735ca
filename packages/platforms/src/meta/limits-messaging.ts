import type { OutboundMessage } from '@botyard/queue-contracts'
import type { LimitSettings } from '../adapter.ts'
import { textAt } from '../json/value-at.ts'
import type { Limit } from '../limits/limit.ts'
import { rateChosen, rateUnder } from '../limits/rate-limits.ts'
import { messagingPlaceOf } from './messaging-place.ts'

/**
 * Calls a second of one page or account:
 * https://developers.facebook.com/docs/messenger-platform/overview#rate-limiting.
 */
const ratesPerSecond = { text: 300, media: 10 }

const slow = new Set(['audio', 'video'])

/** The rates of the page, of the chat if the bot sets one, and the names that throttling errors pause. */
export function limitsOfMessaging(
  { conversation, native }: Pick<OutboundMessage, 'conversation' | 'native'>,
  own: string | undefined,
  { perSecond, perChatPerSecond }: LimitSettings,
  bulk: boolean,
): Limit[] {
  const page = messagingPlaceOf(conversation).page ?? own ?? 'me'
  const isMedia = slow.has(textAt(native, 'message', 'attachment', 'type') ?? '')
  const every = { periodMs: 1000, waits: true }
  const perPage = rateUnder(`page:${page}`, { max: ratesPerSecond.text, periodMs: 1000 }, bulk)
  return [
    ...(perSecond === undefined ? [perPage] : rateChosen({ ...every, name: 'bot', setting: perSecond })),
    ...(isMedia ? [rateUnder(`media:${page}`, { max: ratesPerSecond.media, periodMs: 1000 }, bulk)] : []),
    ...rateChosen({ ...every, name: `chat:${conversation}`, setting: perChatPerSecond }),
    { kind: 'pause', name: 'account' },
    { kind: 'pause', name: 'app' },
  ]
}
