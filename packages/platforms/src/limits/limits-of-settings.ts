import type { OutboundMessage } from '@botyard/queue-contracts'
import type { LimitSettings } from '../adapter.ts'
import type { Limit } from './limit.ts'
import { rateChosen } from './rate-limits.ts'

/**
 * The limits where a platform's server has no numbers of its own to name: the operator's, and the pause of a
 * 429.
 */
export function limitsOfSettings(
  { conversation }: Pick<OutboundMessage, 'conversation'>,
  _credentials: unknown,
  { perSecond, perChatPerSecond }: LimitSettings,
): Limit[] {
  return [
    ...rateChosen({ name: 'bot', periodMs: 1000, setting: perSecond, waits: true }),
    ...rateChosen({ name: `chat:${conversation}`, periodMs: 1000, setting: perChatPerSecond, waits: true }),
    { kind: 'pause', name: 'token' },
  ]
}
