import type { OutboundMessage } from '@botyard/queue-contracts'
import type { LimitSettings } from '../adapter.ts'
import type { Limit } from '../limits/limit.ts'
import { rateChosen } from '../limits/rate-limits.ts'

/** The other side is the operator's own: nothing is known of its limits but what the settings say. */
export function limitsOfCustom(
  { conversation }: Pick<OutboundMessage, 'conversation'>,
  _credentials: unknown,
  settings: LimitSettings,
): Limit[] {
  const { perSecond: ofBot, perChatPerSecond: ofChat } = settings
  return [
    ...rateChosen({ name: 'bot', periodMs: 1000, setting: ofBot, waits: true }),
    ...rateChosen({ name: `chat:${conversation}`, periodMs: 1000, setting: ofChat, waits: true }),
  ]
}
