import type { OutboundMessage } from '@botyard/queue-contracts'
import type { LimitSettings } from '../adapter.ts'
import type { Limit } from '../limits/limit.ts'
import { rateChosen, rateUnder } from '../limits/rate-limits.ts'
import { placeOf } from './conversation.ts'
import type { WhatsAppCredentials } from './credentials.ts'

/**
 * Messages a second of one phone number, in and out, until Meta raises it to 1,000: Cloud API, throughput.
 */
const numberPerSecond = 80

/**
 * One message to a user each 6 s; up to 45 may come at once, borrowed from those to come: Cloud API, "Pair
 * rate limits". So there are at most 45 in any 270 s. With 15 at once and one each 9 s there never are more,
 * and no refusal, each of which has the chat wait for four times as long as the one before.
 */
const pair = { count: 1, periodMs: 9_000, burst: 15 }

/** The rates of the phone number and the pair, and the names that throttling errors pause. */
export function limitsOfWhatsApp(
  { conversation, route }: Pick<OutboundMessage, 'conversation' | 'route'>,
  { phoneNumberId }: Pick<WhatsAppCredentials, 'phoneNumberId'>,
  { perSecond, perChatPerSecond, perGroupPerMinute }: LimitSettings,
  bulk: boolean,
): Limit[] {
  const place = placeOf(conversation)
  const number = route?.phone_number_id ?? place.phoneNumberId ?? phoneNumberId
  const isGroup = place.group !== undefined
  const chat = { name: `chat:${conversation}`, periodMs: 1000, waits: true }
  const perNumber = rateUnder(`number:${number}`, { max: numberPerSecond, periodMs: 1000 }, bulk)
  const perPair: Limit = { kind: 'rate', name: `chat:${conversation}`, ...pair, waits: true }
  return [
    ...(perSecond === undefined ? [perNumber] : rateChosen({ ...chat, name: 'bot', setting: perSecond })),
    ...(perChatPerSecond === undefined && !isGroup
      ? [perPair]
      : rateChosen({ ...chat, setting: perChatPerSecond })),
    ...(isGroup
      ? rateChosen({
          name: `group:${conversation}`,
          periodMs: 60_000,
          setting: perGroupPerMinute,
          waits: true,
        })
      : []),
    { kind: 'pause', name: `throughput:${number}` },
    { kind: 'pause', name: 'account' },
    { kind: 'pause', name: 'app' },
  ]
}
