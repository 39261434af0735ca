import type { OutboundMessage } from '@botyard/queue-contracts'
import type { LimitSettings } from '../adapter.ts'
import type { Limit } from '../limits/limit.ts'
import { rateChosen } from '../limits/rate-limits.ts'

/**
 * Viber publishes a rate for broadcast_message alone, 500 requests each 10 s; send_message is kept under it
 * too.
 */
const defaultPerSecond = 50

/** The account's rate, the chat's if the bot sets one, and what "too many requests" pauses. */
export function limitsOfViber(
  { conversation }: Pick<OutboundMessage, 'conversation'>,
  _credentials: unknown,
  { perSecond, perChatPerSecond }: LimitSettings,
  bulk: boolean,
): Limit[] {
  const everySecond = { periodMs: 1000, waits: true }
  return [
    ...(perSecond === undefined
      ? rateChosen({
          name: 'messages',
          periodMs: 1000,
          setting: undefined,
          own: defaultPerSecond,
          waits: bulk,
        })
      : rateChosen({ ...everySecond, name: 'bot', setting: perSecond })),
    ...rateChosen({ ...everySecond, name: `chat:${conversation}`, setting: perChatPerSecond }),
    { kind: 'pause', name: 'account' },
  ]
}
